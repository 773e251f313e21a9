/** Where an account is reached: at the server's own port, or at one behind the delay. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}
