// Targets that offer less than everything and more than nothing; those two are in the ordinary tests.

import { appendingContract } from "./appending-contract.ts";
import { appendingTargets } from "./support/moves.ts";

appendingContract(appendingTargets.slice(1, -1));
