/** A module that runs hot as it runs otherwise; `probe`, where it exports one, answers the same. */
export interface Snippet {
  readonly title: string
  readonly code: string
  /** A bug that is known: the row is expected to fail, and has to go from here with the bug. */
  readonly bug?: string
}

/** What is easily broken by rewriting: names, white space, evaluation order, and what can be seen of a function. */
export const SNIPPETS: readonly Snippet[] = [
  // ── Names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'a function named like the variable of its facade',
    code: `export function c(n) { return n > 0 ? c(n - 1) : 'c' }
      export const probe = () => c(2)`,
  },
  {
    title: 'globals that the module declares itself',
    code: `const process = 'process', console = 'console', exports = 1, require = 2, module = 3, __filename = 4
      function fetch() { return 'fetch' }
      export const probe = () => [process, console, exports, require, module, __filename, fetch()]`,
  },
  {
    title: 'an import shadowed by a parameter, a catch, a class, a label and a property',
    code: `import { hello } from './greet'
      const one = (hello) => hello
      function two() { try { throw 'caught' } catch (hello) { return hello } }
      function three() { class hello { static x = 1 } return hello.x }
      function four() { hello: for (;;) break hello; return { hello: 1 }.hello }
      function five({ hello = 'default' } = {}) { return hello }
      function six() { { function hello() { return 'inner' } return hello() } }
      export const probe = () => [one(1), two(), three(), four(), five(), six(), hello('x')]`,
  },
  {
    title: 'an import used in default parameters, computed keys, tags and spreads',
    code: `import { hello, count as key } from './greet'
      function one(a = hello('a'), { [a]: b = hello('b') } = {}) { return [a, b] }
      const two = { [hello('key')]: 1, ...{ key } }
      export const probe = () => [one(), two, hello?.('optional'), (hello)('parenthesised'), (0, hello)('comma')]`,
  },
  {
    title: 'free names in shorthands and patterns',
    code: `globalThis.freeName = 1
      const read = () => ({ freeName })
      const write = () => ({ freeName } = { freeName: 2 })
      const fallback = () => { const { x = freeName } = {}; return x }
      export const probe = () => [read(), write(), fallback(), globalThis.freeName]`,
  },
  {
    title: 'a constant assigned to in patterns and loop heads',
    code: `const fixed = 1
      const attempt = (fn) => { try { return fn() } catch (error) { return error.name } }
      export const probe = () => [
        attempt(() => ({ fixed } = { fixed: 2 })), attempt(() => ({ fixed = 3 } = {})),
        attempt(() => { for (fixed of [1]) return 'ran' }), attempt(() => ([...fixed] = [1])), fixed]`,
  },
  {
    title: 'an import assigned to',
    code: `import { hello } from './greet'
      let threw
      try { hello = 1 } catch (error) { threw = error.name }
      export const probe = () => threw`,
  },
  {
    title: 'a class assigned to, and a function',
    code: `class A { static x = 1 }
      const B = A
      A = { x: 2 }
      function f() { return 1 }
      const g = f
      f = () => 2
      export const probe = () => [A.x, B.x, f(), g()]`,
  },
  {
    title: 'a class expression that names itself, and assigns to it',
    bug: 'the name of a class is assignable inside the class',
    code: `const A = class B { static change() { B = 1 } }
      export const probe = () => { try { A.change(); return 'changed' } catch (error) { return error.name } }`,
  },
  {
    title: 'a function expression that assigns to its own name',
    bug: 'the name of a function expression is a parameter, and assignable',
    code: `const f = function own() { own = 1 }
      export const probe = () => { try { f(); return 'changed' } catch (error) { return error.name } }`,
  },

  // ── White space and comments ──────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'a var in a block after a statement without a semicolon',
    code: `let text = 'x'
      {
        text += 'y'
        var inBlock = text
      }
      export const probe = () => [text, inBlock]`,
  },
  {
    title: 'a var of a pattern in a block after a call without a semicolon',
    code: `let text = 'x'
      if (text) {
        String(text)
        var { length } = text
      }
      export const probe = () => length`,
  },
  {
    title: 'a var as the last statement of an if',
    code: `if (true) var one = 1
      export const probe = () => one`,
  },
  {
    title: 'a var as the body of a loop',
    code: `for (let i = 0; i < 3; i++) var last = i
      export const probe = () => last`,
  },
  {
    title: 'an import called first in a statement, after one without a semicolon',
    code: `import { hello } from './greet'
      export function probe() {
        let a = 1
        const b = a
        hello(b)
        hello\`c\`
        if (a) hello('then')
        else hello('else')
        for (const x of [1]) hello(x)
        switch (a) {
          case 1:
            a
            hello('case')
        }
        return [a, b]
      }`,
  },
  {
    title: 'comments in odd places',
    code: `export /* a */ function /* b */ one /* c */ (/* d */ a /* e */) /* f */ { /* g */ return a /* h */ } // i
      export const /* j */ two /* k */ = /* l */ (/* m */ a /* n */) /* o */ => /* p */ a /* q */ // r
      export class /* s */ Three /* t */ { /* u */ static /* v */ x /* w */ = /* x */ 1 /* y */; /* z */ }
      export const probe = () => [one(1), two(2), Three.x]`,
  },
  {
    title: 'a comment with an arrow in an arrow field',
    code: `class A {
        one = () => /* => */ 1
        two = (/* ( */ a) => /* { */ a
        three = a => a // =>
      }
      export const probe = () => { const a = new A(); return [a.one(), a.two(2), a.three(3)] }`,
  },
  {
    title: 'a comment with a brace in a static block',
    code: `class A { static /* { */ { this.x = 1 } }
      export const probe = () => A.x`,
  },
  {
    title: 'an arrow field with parenthesised and object bodies',
    code: `class A {
        one = () => (this.x)
        two = (a, b = (c) => c) => ({ a, b: b(a) })
        three = async ({ a }, [b]) => [a, b]
        four = (...all) => all.length
        x = 1
      }
      export async function probe() { const a = new A(); return [a.one(), a.two(2), await a.three({ a: 1 }, [2]), a.four(1, 2), a.four.length] }`,
  },
  {
    title: 'the length of an arrow field with a default parameter',
    code: `class A { f = (a, b = 1, c) => [a, b, c] }\nexport const probe = () => new A().f.length`,
  },
  {
    title: 'a module that is only a hashbang',
    code: '#!/usr/bin/env node',
  },
  { title: 'an empty module', code: '' },
  { title: 'a module that is only a comment', code: '// nothing' },
  { title: 'a byte order mark', code: '\uFEFFexport const probe = () => 1' },
  { title: 'carriage returns', code: 'const a = 1\r\nexport const probe = () => [\r\n  a,\r\n]\r\n' },
  { title: 'a line separator in a string', code: `const a = '\u2028'\nexport const probe = () => a.length` },
  {
    title: 'an anonymous default async function with a comment',
    code: 'export default async /* x */ function () { return 1 }',
  },
  { title: 'an anonymous default generator', code: 'export default function* () { yield 1 }' },
  {
    title: 'a default class that extends',
    code: `import { Base } from './base'\nexport default class extends Base { describe() { return 'd' + super.describe() } }`,
  },
  { title: 'a parenthesised default function and class', code: `export default (function () { return 1 })` },
  { title: 'a default import passed on', code: `import greet from './greet'\nexport default greet` },
  {
    title: 'method names that are keywords or look like modifiers',
    code: `const o = {
        get() { return 'get' }, set() { return 'set' }, async() { return 'async' }, static() { return 'static' },
        'a-b'() { return 'a-b' }, 1() { return 'one' }, get 2() { return 'two' }, async *gen() { yield 1 }, constructor() { return 'c' },
        if: () => 'if', 'two words': function () { return this.if() },
      }
      class C { get() { return 'get' } static() { return 'static' } async = 1; static static = 2; get get2() { return 3 }; 'a-b'() { return 4 } }
      export async function probe() {
        const c = new C()
        return [o.get(), o.set(), o.async(), o.static(), o['a-b'](), o[1](), o[2], (await o.gen().next()).value, o.constructor(), o.if(), o['two words'](),
          c.get(), c.static(), c.async, C.static, c.get2, c['a-b']()]
      }`,
  },

  // ── Declarations ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'a var declared twice',
    code: `var a = 1\nvar a\nexport const probe = () => a`,
  },
  {
    title: 'a var that an earlier call has set',
    code: `start()\nvar state\nfunction start() { state = 'set' }\nexport const probe = () => state`,
  },
  {
    title: 'a var declared twice with values',
    code: `var a = 1\nvar b = a\nvar a = 2\nexport const probe = () => [a, b]`,
  },
  {
    title: 'a let without an initialiser in an order that matters',
    code: `let a\nconst set = () => (a = 1)\nset()\nlet b\nexport const probe = () => [a, b]`,
  },
  {
    title: 'functions that use each other before their declaration',
    code: `const result = isEven(4)
      function isEven(n) { return n === 0 || isOdd(n - 1) }
      function isOdd(n) { return n !== 0 && isEven(n - 1) }
      export const probe = () => result`,
  },
  {
    title: 'properties put on a function before its declaration',
    code: `f.kind = 'early'\nfunction f() {}\nf.late = 1\nexport { f }\nexport const probe = () => [f.kind, Object.keys(f)]`,
  },
  {
    title: 'exports that change after they were exported',
    code: `export let n = 0\nexport { n as alias }\nn = 1\nfor (n of [2, 3]);\n({ n } = { n: n + 1 })\nexport const probe = () => n`,
  },
  {
    title: 'names that are reserved elsewhere',
    code: `const [of, get, set, async, from, as, type] = [1, 2, 3, 4, 5, 6, 7]\nexport { of as class, get as if, type as 'a b' }\nexport const probe = () => set + async + from + as`,
  },
  { title: 'a throw while it is loaded', code: `const a = 1\nthrow new TypeError('at the top')\nexport { a }` },
  { title: 'a throw in a field while it is loaded', code: `class A { x = nobody }\nnew A()` },
  { title: 'a rejection awaited at the top', code: `await Promise.reject(new RangeError('awaited'))` },
  { title: 'a use before initialisation', code: `use()\nconst a = 1\nfunction use() { return a }` },
  { title: 'a missing name called', code: `nobodyIsThere()` },
  {
    title: 'a dynamic import of nothing',
    code: `export const probe = () => import('./nowhere').catch((error) => error.name)`,
  },

  // ── Classes ───────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'a class that extends what is awaited',
    bug: 'the heritage is put into a function that is not async',
    code: `class A { x = 1 }\nclass B extends (await Promise.resolve(A)) {}\nexport const probe = () => new B().x`,
  },
  {
    title: 'computed keys of methods and statics, in order',
    bug: 'a computed key of a static field is evaluated after those of all methods',
    code: `let n = 0
      const key = () => 'key' + ++n
      class A { static [key()] = 'first'; [key()]() { return 'second' } static [key()]() { return 'third' } }
      export const probe = () => [A.key1, new A().key2?.(), A.key3?.()]`,
  },
  {
    title: 'statics named like what functions have',
    code: `class A { static name = 'named'; static length = 5; static toString() { return 'string' } }
      export const probe = () => [A.name, A.length, String(A)]`,
  },
  {
    title: 'a static method named name',
    code: `class A { static name() { return 'called' } }\nexport const probe = () => A.name()`,
  },
  {
    title: 'a constructor that returns another object, with private names',
    code: `class A { #x = 1; constructor() { return new Proxy(this, {}) } get() { try { return this.#x } catch (error) { return error.name } } static has(o) { return #x in o } }
      export const probe = () => { const a = new A(); return [a.get(), A.has(a)] }`,
  },
  {
    title: 'a promise that is extended',
    code: `class P extends Promise { static made = 0; constructor(run) { super(run); P.made++ } }
      export const probe = async () => { const p = new P((resolve) => resolve(1)); return [await p.then((x) => x + 1), p.then() instanceof P, P.made > 1] }`,
  },
  {
    title: 'a function that is extended',
    code: `function Old(name) { this.name = name }
      Old.prototype.hello = function () { return 'hello ' + this.name }
      class New extends Old { hello() { return super.hello() + '!' } }
      export const probe = () => [new New('a').hello(), new Old('b').hello(), new New('c') instanceof Old, Old.prototype.constructor === Old]`,
  },
  {
    title: 'new.target in constructors and functions',
    code: `class A { constructor() { this.made = new.target.name } }
      class B extends A {}
      class Abstract { constructor() { if (new.target === Abstract) throw new TypeError('abstract') } }
      class Concrete extends Abstract {}
      const attempt = (fn) => { try { return fn() } catch (error) { return error.message } }
      export const probe = () => [new A().made, new B().made, attempt(() => new Abstract()), attempt(() => new Concrete() instanceof Abstract)]`,
  },
  {
    title: 'a class called without new',
    code: `class A {}\nexport const probe = () => { try { A() } catch (error) { return error.name } }`,
  },
  {
    title: 'super in statics, accessors, arrows and objects',
    code: `class A { static s() { return 's' } get g() { return 'g' } m() { return 'm' } set v(x) { this.x = x } }
      class B extends A {
        static s() { return super.s() + 2 }
        get g() { return super.g + 2 }
        m() { return (() => super.m())() + 2 }
        arrow = () => super.m()
        set v(x) { super.v = x + 1 }
        static field = super.s()
      }
      export const probe = () => { const b = new B(); b.v = 1; return [B.s(), b.g, b.m(), b.arrow(), b.x, B.field] }`,
  },
  {
    title: 'private names of every kind',
    code: `class A {
        static #count = 0; static #bump() { return ++A.#count } static get #total() { return A.#count } static set #total(n) { A.#count = n }
        #x = 1; get #y() { return this.#x } set #y(v) { this.#x = v } #m(n = 2) { return this.#x * n } async #a() { return this.#x } *#g() { yield this.#x }
        #fn = () => this.#x
        static run() { A.#bump(); A.#total += 5; return A.#total }
        async all(o) { this.#y = 3; this.#x++; return [this.#m(), this.#m(1), await this.#a(), [...this.#g()], this.#fn(), #x in o, #m in o, this.#y] }
      }
      export const probe = async () => [A.run(), await new A().all(new A())]`,
  },
  {
    title: 'a class inside a class and inside a function',
    code: `class Outer { #x = 1; Inner = class { #x = 2; read(o) { return [this.#x, o instanceof Outer] } }; static make() { return class Local { static l = 1 } } }
      const maker = (x) => class { #x = x; get x() { return this.#x } }
      export const probe = () => { const o = new Outer(); return [new o.Inner().read(o), Outer.make().l, new (maker(1))().x, new (maker(2))().x] }`,
  },
  {
    title: 'fields in the order in which they are initialised',
    code: `const log = []
      class A { a = log.push('a'); constructor() { log.push('A') } b = log.push('b') }
      class B extends A { c = log.push('c'); constructor() { log.push('before'); super(); log.push('after') } #d = log.push('d'); e = (() => log.push('e'))() }
      new B()
      export const probe = () => log`,
  },
  {
    title: 'keys of an instance',
    code: `class A { x = 1; m() {} #p = 2; f = () => 1 }\nexport const probe = () => [Object.keys(new A()), JSON.stringify(new A()), Object.getOwnPropertyNames(A.prototype), Object.getOwnPropertyNames(A).toSorted()]`,
  },
  {
    title: 'a class that is spread and copied',
    code: `class A { static x = 1; static m() { return 2 } }\nexport const probe = () => [{ ...A }, Object.keys(A), 'm' in A, Object.getOwnPropertySymbols(A)]`,
  },
  {
    title: 'the parent of a class, by reflection',
    bug: 'the implementation stands between a class and its parent',
    code: `class A {}\nclass B extends A {}\nexport const probe = () => [Object.getPrototypeOf(B) === A, Object.getPrototypeOf(B.prototype) === A.prototype]`,
  },
  {
    title: 'the lengths of methods',
    code: `class A { one(a) {} static two(a, b) {} three(a, b = 1, c) {} }\nexport const probe = () => [new A().one.length, A.two.length, new A().three.length]`,
  },
  {
    title: 'the kinds of methods',
    code: `class A { async one() {} *two() {} async *three() {} }
      const kindOf = (fn) => Object.prototype.toString.call(fn)
      export const probe = () => [new A().one, new A().two, new A().three].map(kindOf)`,
  },
  {
    title: 'a method used as a constructor',
    code: `class A { m() {} }\nexport const probe = () => { try { new (new A().m)() } catch (error) { return error.name } }`,
  },
  {
    title: 'names of methods and accessors',
    code: `class A { m() {} get g() { return 1 } static s() {} ['c' + 1]() {} [Symbol.iterator]() {} }
      const get = Object.getOwnPropertyDescriptor(A.prototype, 'g').get
      export const probe = () => [new A().m.name, get.name, A.s.name, new A().c1.name, new A()[Symbol.iterator].name]`,
  },

  // ── Functions ─────────────────────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'what can be seen of functions of every kind',
    code: `function d(a, b = 1) {} async function ad(a) {} function* g() {} async function* ag(a, b) {}
      const a = (x, ...y) => x, aa = async (x) => x, fe = function (x, y) {}, ne = function own() {}
      const o = { m(x) {}, async am() {}, *gm() {} }
      const kindOf = (fn) => [Object.prototype.toString.call(fn), fn.name, fn.length, typeof fn]
      export const probe = () => [d, ad, g, ag, a, aa, fe, ne, o.m, o.am, o.gm].map(kindOf)`,
  },
  {
    title: 'which functions have a prototype',
    bug: 'an async function has one',
    code: `function d() {} async function ad() {} const a = () => 1, fe = function () {}, aa = async () => 1
      const o = { m() {} }
      export const probe = () => [d, ad, a, fe, aa, o.m].map((fn) => 'prototype' in fn)`,
  },
  {
    title: 'async functions and arrows used as constructors',
    bug: 'an async function can be constructed',
    code: `async function ad() {}\nconst a = () => 1
      const attempt = (fn) => { try { new fn(); return 'made' } catch (error) { return error.name } }
      export const probe = () => [attempt(ad), attempt(a)]`,
  },
  {
    title: 'this, arguments and new.target',
    code: `function f() { return [this, arguments.length, new.target === undefined] }
      const e = function () { return [this, arguments[0]] }
      const o = { m() { return [this === o, arguments.length] }, a: () => typeof this }
      function Made() { this.args = [...arguments]; this.isNew = new.target === Made }
      export const probe = () => [f.call('x', 1, 2), f(), e.apply(null, [1]), o.m(1, 2), o.a(), f.bind('y')(), new Made(1, 2)]`,
  },
  {
    title: 'generators that are closed early',
    code: `const log = []
      function* g() { try { yield 1; yield 2 } finally { log.push('closed') } }
      for (const x of g()) { log.push(x); break }
      export const probe = () => [log, g() instanceof g, Object.getPrototypeOf(g.prototype) === Object.getPrototypeOf(function* () {}.prototype)]`,
  },
  {
    title: 'tagged templates with the same strings each time',
    code: `const tag = (strings) => strings\nconst once = () => tag\`a\${1}b\`\nexport const probe = () => [once() === once(), once().raw]`,
  },
  {
    title: 'the stack of a thrown error has the function',
    code: `function thrower() { throw new Error('x') }\nexport const probe = () => { try { thrower() } catch (error) { return [error.message, /thrower/.test(error.stack)] } }`,
  },
  {
    title: 'functions as arguments, in conditions, sequences and new',
    code: `class Holder { constructor(fn) { this.fn = fn } }
      const make = (fn) => fn
      const a = make(() => 1), b = true ? () => 2 : () => 3, c = (0, () => 4), d = new Holder(() => 5), e = [() => 6], f = { g: [{ h: () => 7 }] }, g = (() => 8)(), h = !(() => 9)
      export const probe = () => [a(), b(), c(), d.fn(), e[0](), f.g[0].h(), g, h, b.name, c.name]`,
  },
  {
    title: 'closures made in a loop',
    code: `const fns = []\nfor (let i = 0; i < 3; i++) fns.push(() => i)\nwhile (fns.length < 4) { const n = fns.length; fns.push(() => n) }\nexport const probe = () => fns.map((fn) => fn())`,
  },
  {
    title: 'functions in a block',
    code: `const fns = []\n{ const local = 1; function inner() { return local } fns.push(inner, () => local) }\nexport const probe = () => [fns.map((fn) => fn()), typeof inner]`,
  },
  { title: 'eval of a name of the module', code: `const secret = 1\nexport const probe = () => eval('secret')` },
  {
    title: 'a function whose body holds its source',
    code: `function f(a) { return a + 1 }\nexport const probe = () => [String(f), String((x) => x + 2)]`,
  },
  {
    title: 'a switch, labels and loops at the top',
    code: `const log = []\nouter: for (const a of [1, 2]) for (const b of [1, 2]) { if (b === 2) continue outer; log.push(a) }\nswitch (log.length) { case 2: { let x = 'two'; log.push(x); break } default: log.push('no') }\nexport const probe = () => log`,
  },
  {
    title: 'import cycles through its own exports',
    code: `import * as self from '/entry.js'\nexport const value = 1\nexport function early() { return 'early' }\nexport const probe = () => [self.value, self.early(), Object.keys(self)]`,
  },

  // ── More of each ──────────────────────────────────────────────────────────────────────────────────────────────────
  {
    title: 'an import in a default parameter of a function that declares its name',
    bug: 'the body of a function and its parameters are one scope',
    code: `import { hello } from './greet'
      function f(a = hello('x')) { var hello = 1; return [a, hello] }
      export const probe = () => f()`,
  },
  {
    title: 'all exports of two modules',
    code: `export * from './greet'
      export * from './config'
      import * as self from '/entry.js'
      export const probe = () => Object.keys(self).toSorted()`,
  },
  {
    title: 'static members without a value, with odd keys',
    code: `const k = 'k'
      class A { static x; static #y; static [k]; static 'a b' = 1; static 2 = 3; static [Symbol.for('s')] = 4; static z
        static y() { return A.#y } }
      export const probe = () => [Object.keys(A), A.x, A.y(), A['a b'], A[2], A[Symbol.for('s')], 'k' in A, 'z' in A]`,
  },
  {
    title: 'this in statics',
    code: `class A {
        static n = 1
        static a = () => this.n
        static f = function () { return this.n }
        static o = { m() { return this.q }, q: 2, b: () => this.n }
        static { const f = () => this.n; this.d = [f(), (function () { return this })() === undefined] }
      }
      export const probe = () => [A.a(), A.f(), A.o.m(), A.o.b(), A.d]`,
  },
  {
    title: 'this in functions and classes that are the values of statics',
    code: `class A {
        static n = 1
        static f = function () { return this.n }
        static c = class { static n = 5; static m = () => this.n }
      }
      export const probe = () => [A.f.call({ n: 7 }), A.c.m()]`,
  },
  {
    title: 'arrow fields that return arrows, take patterns and use this in defaults',
    code: `class A {
        x = 1
        one = (a) => (b) => [a, b, this.x]
        two = ({ a, b: [c] = [2] } = {}, ...rest) => [a, c, rest]
        three = (a = this.x) => a
        four = async (a) => { await null; return a }
        5 = () => 'five'
        static six = (a) => a
        seven = a => ({ a })
        eight = () => { return }
      }
      export const probe = async () => { const a = new A(); return [a.one(1)(2), a.two({ a: 1 }, 3), a.two(), a.three(), await a.four(4), a[5](), A.six(6), a.seven(7), a.eight()] }`,
  },
  {
    title: 'a derived class with arrows before super',
    code: `class A { constructor(f) { this.f = f } }
      class B extends A { x = 1; constructor() { const me = () => this; super(me); this.y = me() === this } }
      export const probe = () => { const b = new B(); return [b.x, b.y, b.f() === b] }`,
  },
  {
    title: 'async iteration of a class',
    code: `class A { static async *[Symbol.asyncIterator]() { yield 1; yield* [2, 3] } async *each() { yield this.x } x = 4 }
      export const probe = async () => { const log = []; for await (const x of A) log.push(x); for await (const x of new A().each()) log.push(x); return log }`,
  },
  {
    title: 'getters and setters of one name in an object and in a class',
    code: `const o = { get v() { return this.x }, set v(x) { this.x = x * 2 }, x: 1 }
      class A { static get v() { return this.x } static set v(x) { this.x = x * 3 } static x = 1 }
      const alone = { set only(v) { this.seen = v } }
      export const probe = () => { o.v = 2; A.v = 2; alone.only = 3; return [o.v, A.v, alone.seen, alone.only] }`,
  },
  {
    title: 'a static getter that is shadowed by a subclass',
    code: `class A { static get kind() { return 'A' } static create() { return new this() } name() { return this.constructor.kind } }
      class B extends A { static get kind() { return 'B' + super.kind } }
      export const probe = () => [A.create().name(), B.create().name(), B.create() instanceof B]`,
  },
  {
    title: 'an accessor set through super, and a property of super',
    code: `class A { set v(x) { this.set = x } }
      class B extends A { m() { super.v = 1; super.own = 2; return [this.set, this.own] } }
      export const probe = () => new B().m()`,
  },
  {
    title: 'errors with a class of their own',
    code: `class MyError extends Error { constructor(message, code) { super(message); this.name = new.target.name; this.code = code } get full() { return this.name + this.code } }
      class More extends MyError {}
      export const probe = () => { try { throw new More('m', 1) } catch (error) { return [error instanceof MyError, error.full, String(error), Object.keys(error)] } }`,
  },
  {
    title: 'a collection that is extended',
    code: `class M extends Map { get(k) { return super.get(k) ?? 'none' } static get [Symbol.species]() { return Map } }
      class L extends Array { sum() { return this.reduce((a, b) => a + b, 0) } }
      export const probe = () => { const m = new M([[1, 2]]); const l = L.of(1, 2, 3); return [m.get(1), m.get(2), m.size, l.sum(), l.map((x) => x * 2).sum(), l instanceof L, l.length] }`,
  },
  {
    title: 'a frozen class and a sealed object',
    code: `class A { static x = 1; m() { return 1 } }\nObject.freeze(A)\nObject.freeze(A.prototype)\nconst o = Object.freeze({ f: () => 1 })\nexport const probe = () => [Object.isFrozen(A), new A().m(), o.f(), A.x]`,
  },
  {
    title: 'a class in a loop, and one made by a function',
    code: `const all = []\nfor (const n of [1, 2]) all.push(class { n = n; static n = n })\nconst make = (n) => { class Made { #n = n; get n() { return this.#n } } return Made }\nexport const probe = () => [all.map((C) => [new C().n, C.n]), new (make(1))().n, make(1) === make(1)]`,
  },
  {
    title: 'an instance made while the class is made',
    code: `class A { static one = new A(); static all = [A.one]; n = A.all ? 2 : 1; m() { return this.n } }\nexport const probe = () => [A.one.m(), new A().m(), A.all.length]`,
  },
  {
    title: 'mutual recursion of classes and functions',
    code: `class A { b() { return new B() } static of(x) { return x instanceof A } }\nclass B extends A { a() { return make(A) } }\nfunction make(C) { return new C() }\nexport const probe = () => [A.of(new A().b().a()), new B().b() instanceof B]`,
  },
  {
    title: 'bound, called and applied functions and methods',
    code: `const f = (a, b) => [a, b]\nclass A { x = 1; m(a) { return [this?.x, a] } }\nexport const probe = () => { const a = new A(); const { m } = a; return [f.bind(null, 1)(2), f.apply(null, [1, 2]), a.m.bind(a)(3), m(4), m.call({ x: 9 }, 5), f.bind(null, 1).name, f.bind(null, 1).length] }`,
  },
  {
    title: 'a function that replaces itself',
    code: `let once = () => { once = () => 'again'; return 'first' }\nexport const probe = () => [once(), once()]`,
  },
  {
    title: 'memoised functions with properties',
    code: `function memo(n) { return (memo.cache[n] ??= n * 2) }\nmemo.cache = {}\nconst counter = Object.assign(() => ++counter.n, { n: 0 })\nexport const probe = () => [memo(2), memo.cache, counter(), counter(), counter.n]`,
  },
  {
    title: 'patterns with functions in their defaults',
    code: `const { a = () => 1, b: { c = function () { return 2 } } = {}, ...d } = { e: 3 }\nconst [f = class { m() { return 4 } }] = []\nexport const probe = () => [a(), c(), d, new f().m(), a.name, c.name, f.name]`,
  },
  {
    title: 'assignments at the top',
    code: `let a, b, o = {}\na = b = () => 1\no.x = () => 2;\n[a, o.y] = [() => 3, () => 4]\na ??= () => 5\no.z ||= function () { return 6 }\nexport const probe = () => [a(), b(), o.x(), o.y(), o.z(), b.name, o.x.name, a.name]`,
  },
  {
    title: 'sequences, conditions and voids at the top',
    code: `const log = []\nlog.push(1), log.push(2)\nlog.length > 1 ? log.push('yes') : log.push('no')\nvoid log.push('void')\nvoid 0\n;(() => log.push('called'))()\n!function () { log.push('not') }()\nnew (class { constructor() { log.push('new') } })()\n\`\${log.push('template')}\`\n'a string that is a statement'\nexport const probe = () => log`,
  },
  {
    title: 'awaits in all places of a statement',
    code: `const log = []\nlog.push(await 1, [await 2], { a: await 3 }.a, \`\${await 4}\`)\nif (await true) log.push('if')\nfor (const x of await [5]) log.push(x)\nconst { y = await 6 } = {}\nexport default (await import('./config')).LIMIT\nconst f = async () => await 7\nlet z = await f(), w = z + 1\nexport const probe = () => [log, y, z, w]`,
  },
  {
    title: 'a JSON-like module',
    code: `export const a = 1;\nexport const b = [1, { c: null }];\nexport default {\n  a: a,\n  b: b,\n  "c-d": true\n};`,
  },
  {
    title: 'code as esbuild lowers enums and namespaces',
    code: `export var Level; (function (Level) { Level[Level["Low"] = 0] = "Low" })(Level || (Level = {}));\nvar Space;\n(function (Space) { Space.x = 1; function f() { return Space.x } Space.f = f })(Space || (Space = {}))\nexport const probe = () => [Level.Low, Level[0], Space.f()]`,
  },
  {
    title: 'code as decorators are lowered',
    code: `const decorate = (fns, target, key) => { for (const fn of fns) fn(target, key) }\nconst seen = []\nclass A { m() { return 1 } }\ndecorate([(target, key) => seen.push([target === A.prototype, key])], A.prototype, 'm')\nlet B = class B { static self() { return B } }\nB = ((C) => { C.decorated = true; return C })(B)\nexport { B }\nexport const probe = () => [seen, B.decorated, B.self() === B]`,
  },
  {
    title: 'names with letters of other scripts',
    code: `const ünïcode = 1, \u{1D4D0} = 2\nfunction 日本() { return ünïcode }\nclass Ω { #π = 3; get π() { return this.#π } }\nexport { 日本 as '日 本' }\nexport const probe = () => [日本(), \u{1D4D0}, new Ω().π]`,
  },
  {
    title: 'escapes in names',
    code: `const \\u0061bc = 1\nfunction d\\u0065f() { return \\u0061bc }\nexport const probe = () => [abc, def()]`,
  },
]
