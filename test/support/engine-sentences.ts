// Finds the sentences that the engine makes, in its source: what each message, remedy and reason can be, with gaps where
// something of the day comes in.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Text, and gaps by what fills them. */
type Piece = string | { readonly gap: string };
type Template = readonly Piece[];

export interface EngineSentence {
  /** `the log-in for {name} was refused`; gaps hold their source. */
  readonly form: string;
  /** With a word in each gap. */
  readonly sample: string;
  /** `src/protocol/x.ts:12`, of the place where it is handed on. */
  readonly place: string;
}

const source = fileURLToPath(new URL("../../src/", import.meta.url));
/** Where sentences are made; what functions of other layers give is data. */
const sentenceMakers = /^(protocol|sources|sinks|jobs|storage|packs|schedule)\//;
const engine = /^(protocol|sources|sinks|jobs|storage|packs|schedule|formats)\//;
/** Of the command line only the errors: whatever else it says is in its catalogues. */
const commandLine = /^cli\//;

const mostAlternatives = 120;
const deepest = 12;

function openProgram(paths: readonly string[]) {
  const options: ts.CompilerOptions = { noLib: true, noEmit: true, types: [], allowImportingTsExtensions: true };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    // Packages and Node make no sentences: what they give is a gap. Without them this takes no time.
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text }) => {
        const path = join(dirname(containing), text);
        if (!text.startsWith(".") || !path.endsWith(".ts")) return { resolvedModule: undefined };
        return { resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts } };
      }),
    getSourceFile: (path) => ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ESNext, true),
  };
  return ts.createProgram([...paths], options, host);
}

type Bindings = ReadonlyMap<ts.Symbol, readonly Template[]>;

export class SentenceFinder {
  readonly #files: readonly ts.SourceFile[];
  readonly #checker: ts.TypeChecker;
  readonly #calls = new Map<ts.Symbol, ts.CallExpression[]>();
  readonly #opaque: RegExp;

  constructor(opaque: RegExp) {
    this.#opaque = opaque;
    const paths = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
    const program = openProgram(paths.map((path) => join(source, path)));
    this.#checker = program.getTypeChecker();
    this.#files = program
      .getSourceFiles()
      .filter((file) => engine.test(pathOf(file)) || commandLine.test(pathOf(file)));
    for (const file of this.#files)
      this.#each(file, (node) => {
        if (!ts.isCallExpression(node)) return;
        const symbol = this.#symbolOf(node.expression);
        if (symbol !== undefined) this.#calls.set(symbol, [...(this.#calls.get(symbol) ?? []), node]);
      });
  }

  /**
   * What reaches `new MailferryError(…)`; the properties of these names wherever an object is written down, and what their
   * functions return; and the arguments of calls of these names, by their index.
   */
  find(properties: RegExp, calls: ReadonlyMap<string, number>): EngineSentence[] {
    const found: EngineSentence[] = [];
    const add = (node: ts.Expression | undefined) => {
      if (node === undefined) return;
      const fn = ts.isArrowFunction(node) ? node : ts.isIdentifier(node) ? this.#functionOf(node) : undefined;
      if (fn !== undefined) return returnsOf(fn).forEach(add);
      for (const template of this.#evaluate(node, new Map(), 0)) {
        if (template.every((piece) => typeof piece !== "string" || piece === "")) continue;
        const form = template.map((piece) => (typeof piece === "string" ? piece : `{${piece.gap}}`)).join("");
        let gaps = 0;
        const sample = template.map((piece) => (typeof piece === "string" ? piece : `<${++gaps}>`)).join("");
        found.push({ form, sample, place: placeOf(node) });
      }
    };
    const addRemedy = (node: ts.Node) => {
      if (ts.isPropertyAssignment(node) && node.name.getText() === "remedy") add(node.initializer);
    };
    for (const file of this.#files) {
      this.#each(file, (node) => {
        const isOurs = ts.isNewExpression(node) && node.expression.getText() === "MailferryError";
        if (commandLine.test(pathOf(file))) {
          if (isOurs) add(node.arguments?.[1]);
          if (isOurs) for (const argument of node.arguments ?? []) this.#each(argument, addRemedy);
        } else if (isOurs || (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword)) {
          add(node.arguments?.[1]);
        } else if (ts.isCallExpression(node)) {
          const index = calls.get(nameOfCall(node));
          if (index !== undefined) add(node.arguments[index]);
        } else if (ts.isPropertyAssignment(node) && properties.test(node.name.getText())) add(node.initializer);
        else if (ts.isShorthandPropertyAssignment(node) && properties.test(node.name.text)) add(node.name);
      });
    }
    return found;
  }

  #each(node: ts.Node, visit: (node: ts.Node) => void): void {
    visit(node);
    ts.forEachChild(node, (child) => this.#each(child, visit));
  }

  #symbolOf(node: ts.Node): ts.Symbol | undefined {
    let symbol =
      ts.isIdentifier(node) && ts.isShorthandPropertyAssignment(node.parent)
        ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
        : this.#checker.getSymbolAtLocation(node);
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = this.#checker.getAliasedSymbol(symbol);
    return symbol;
  }

  #evaluate(node: ts.Expression, bindings: Bindings, depth: number): readonly Template[] {
    const gap: readonly Template[] = [[{ gap: node.getText().replace(/\s+/g, " ").replace(/[{}]/g, "") }]];
    if (depth > deepest) return gap;
    const inner = (next: ts.Expression) => this.#evaluate(next, bindings, depth + 1);
    const product = (parts: readonly (readonly Template[])[]): readonly Template[] =>
      parts.reduce<readonly Template[]>(
        (made, part) => {
          const next = made.length * part.length > mostAlternatives ? gap : part;
          return made.flatMap((start) => next.map((rest) => [...start, ...rest]));
        },
        [[]],
      );
    if (ts.isStringLiteralLike(node)) return [[node.text]];
    if (ts.isTemplateExpression(node)) {
      return product([
        [[node.head.text]],
        ...node.templateSpans.flatMap((span) => [inner(span.expression), [[span.literal.text]]]),
      ]);
    }
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) {
      return inner(node.expression);
    }
    if (ts.isNonNullExpression(node) || ts.isAwaitExpression(node)) return inner(node.expression);
    if (ts.isConditionalExpression(node)) return [...inner(node.whenTrue), ...inner(node.whenFalse)];
    if (ts.isBinaryExpression(node)) {
      const kind = node.operatorToken.kind;
      if (kind === ts.SyntaxKind.PlusToken) return product([inner(node.left), inner(node.right)]);
      if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken) {
        return [...inner(node.left), ...inner(node.right)];
      }
      return gap;
    }
    if (ts.isIdentifier(node)) {
      if (node.text === "undefined") return [];
      const symbol = this.#symbolOf(node);
      const declaration = symbol?.valueDeclaration;
      if (symbol === undefined || declaration === undefined) return gap;
      return bindings.get(symbol) ?? this.#declared(declaration, bindings, depth) ?? gap;
    }
    if (ts.isCallExpression(node)) return this.#called(node, bindings, depth) ?? gap;
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) {
      return this.#member(node, bindings, depth) ?? gap;
    }
    return gap;
  }

  #declared(declaration: ts.Declaration, bindings: Bindings, depth: number) {
    if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      return this.#evaluate(declaration.initializer, bindings, depth + 1);
    }
    if (ts.isBindingElement(declaration)) return this.#destructured(declaration, bindings, depth);
    if (ts.isParameter(declaration)) {
      const fn = declaration.parent;
      const name = ts.isFunctionDeclaration(fn)
        ? fn.name
        : ts.isArrowFunction(fn) && ts.isVariableDeclaration(fn.parent)
          ? fn.parent.name
          : ts.isMethodDeclaration(fn)
            ? fn.name
            : undefined;
      const own = name === undefined ? undefined : this.#symbolOf(name);
      const calls = own === undefined ? [] : (this.#calls.get(own) ?? []);
      const index = fn.parameters.indexOf(declaration);
      const all = calls.flatMap((call) => {
        const argument = call.arguments[index];
        if (argument !== undefined) return this.#evaluate(argument, new Map(), depth + 1);
        return declaration.initializer === undefined
          ? []
          : this.#evaluate(declaration.initializer, bindings, depth + 1);
      });
      return all.length === 0 ? undefined : all;
    }
    return undefined;
  }

  /** `const { who } = speakerOf(line)`, `const [who] = condition ? ["a"] : ["b"]`. */
  #destructured(element: ts.BindingElement, bindings: Bindings, depth: number): readonly Template[] | undefined {
    const pattern = element.parent;
    const holder = pattern.parent;
    if (!ts.isVariableDeclaration(holder) || holder.initializer === undefined) return undefined;
    const objects = this.#objects(holder.initializer, depth);
    if (objects.length === 0) return undefined;
    const key = (element.propertyName ?? element.name).getText();
    const index = ts.isArrayBindingPattern(pattern) ? pattern.elements.indexOf(element) : -1;
    const values = objects.flatMap((object) => this.#value(object, key, index, bindings, depth));
    return values.length === 0 ? undefined : values;
  }

  #value(object: ts.Expression, key: string, index: number, bindings: Bindings, depth: number): readonly Template[] {
    if (ts.isArrayLiteralExpression(object)) {
      const element = object.elements[index];
      return element === undefined ? [] : this.#evaluate(element, bindings, depth + 1);
    }
    if (!ts.isObjectLiteralExpression(object)) return [];
    return object.properties.flatMap((property) => {
      if (ts.isPropertyAssignment(property) && property.name.getText() === key) {
        return this.#evaluate(property.initializer, bindings, depth + 1);
      }
      if (ts.isShorthandPropertyAssignment(property) && property.name.text === key) {
        return this.#evaluate(property.name, bindings, depth + 1);
      }
      return [];
    });
  }

  /** The literals that an expression may be. */
  #objects(node: ts.Expression, depth: number): ts.Expression[] {
    if (depth > deepest) return [];
    if (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node)) return [node];
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isAwaitExpression(node)
    ) {
      return this.#objects(node.expression, depth + 1);
    }
    if (ts.isConditionalExpression(node))
      return [node.whenTrue, node.whenFalse].flatMap((part) => this.#objects(part, depth + 1));
    if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap((part) => this.#objects(part, depth + 1));
    if (ts.isNewExpression(node)) return (node.arguments ?? []).flatMap((part) => this.#objects(part, depth + 1));
    if (ts.isElementAccessExpression(node))
      return this.#objects(node.expression, depth + 1).flatMap((object) => childrenOf(object));
    if (ts.isCallExpression(node)) {
      const fn = this.#functionOf(node.expression);
      return fn === undefined ? [] : returnsOf(fn).flatMap((part) => this.#objects(part, depth + 1));
    }
    if (ts.isIdentifier(node)) {
      const declaration = this.#symbolOf(node)?.valueDeclaration;
      if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
        return this.#objects(declaration.initializer, depth + 1);
      }
    }
    return [];
  }

  #functionOf(name: ts.Expression): ts.FunctionLikeDeclaration | undefined {
    const declaration = this.#symbolOf(name)?.valueDeclaration;
    if (declaration === undefined || !sentenceMakers.test(pathOf(declaration))) return undefined;
    if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration;
    if (
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      ts.isArrowFunction(declaration.initializer)
    ) {
      return declaration.initializer;
    }
    return undefined;
  }

  #called(call: ts.CallExpression, bindings: Bindings, depth: number): readonly Template[] | undefined {
    const name = nameOfCall(call);
    if (name === "get" && ts.isPropertyAccessExpression(call.expression)) {
      const pairs = this.#objects(call.expression.expression, depth + 1).flatMap((object) => childrenOf(object));
      const values = pairs.flatMap((pair) =>
        ts.isArrayLiteralExpression(pair) && pair.elements[1] !== undefined
          ? this.#evaluate(pair.elements[1], bindings, depth + 1)
          : [],
      );
      return values.length === 0 ? undefined : values;
    }
    const [argument] = call.arguments;
    if (/^(printable|quoteServer)$/.test(name) && argument !== undefined) {
      const inner = name === "printable" ? this.#evaluate(argument, bindings, depth + 1) : undefined;
      return inner?.every((template) => template.some((piece) => typeof piece === "string")) ? inner : undefined;
    }
    if (this.#opaque.test(name)) return undefined;
    const fn = this.#functionOf(call.expression);
    if (fn === undefined) return undefined;
    const bound = new Map(bindings);
    for (const [index, parameter] of fn.parameters.entries()) {
      const symbol = ts.isIdentifier(parameter.name) ? this.#symbolOf(parameter.name) : undefined;
      const value = call.arguments[index] ?? parameter.initializer;
      if (symbol !== undefined)
        bound.set(symbol, value === undefined ? [] : this.#evaluate(value, bindings, depth + 1));
    }
    const returned = returnsOf(fn).flatMap((part) => this.#evaluate(part, bound, depth + 1));
    return returned.length === 0 ? undefined : returned;
  }

  #member(node: ts.ElementAccessExpression | ts.PropertyAccessExpression, bindings: Bindings, depth: number) {
    const objects = this.#objects(node.expression, depth + 1);
    if (objects.length === 0) return undefined;
    const key = ts.isPropertyAccessExpression(node)
      ? node.name.text
      : ts.isStringLiteral(node.argumentExpression)
        ? node.argumentExpression.text
        : undefined;
    const values = objects.flatMap((object) =>
      key === undefined
        ? childrenOf(object).flatMap((child) => this.#evaluate(child, bindings, depth + 1))
        : this.#value(object, key, -1, bindings, depth),
    );
    return values.length === 0 ? undefined : values;
  }
}

function nameOfCall({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

function placeOf(node: ts.Node): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `src/${pathOf(node)}:${line + 1}`;
}

function pathOf(node: ts.Node): string {
  return relative(source, node.getSourceFile().fileName);
}

function childrenOf(object: ts.Expression): ts.Expression[] {
  if (ts.isArrayLiteralExpression(object)) return [...object.elements];
  if (!ts.isObjectLiteralExpression(object)) return [];
  return object.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? [property.initializer] : []));
}

function returnsOf(fn: ts.FunctionLikeDeclaration): ts.Expression[] {
  if (fn.body === undefined) return [];
  if (!ts.isBlock(fn.body)) return [fn.body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn.body, visit);
  return found;
}
