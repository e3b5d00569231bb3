/** The look of the HTML report: light, dark, narrow and on paper. Contrast of text is 4.5 to 1 and more. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  font: 1rem/1.5 system-ui, sans-serif;
  --paper: #fff; --sheet: #f6f8fa; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0;
  --pass: #1a7f37; --fail: #cf222e; --warn: #8a5a00; --unknown: #8250df; --skip: #59636e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --sheet: #151b23; --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d;
    --pass: #3fb950; --fail: #ff7b72; --warn: #e3b341; --unknown: #d2a8ff; --skip: #9198a1;
  }
}
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .warn { --tone: var(--warn); }
.unknown { --tone: var(--unknown); } .skip { --tone: var(--skip); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 0; }
h3 { font-size: 1.05rem; margin: 0; }
h4 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .5rem 0; }
a { color: inherit; }
code, pre { font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.quiet { color: var(--quiet); font-size: .875rem; }
.headline { border-left: .3rem solid var(--tone); padding: .5rem .9rem; background: var(--sheet); }
.headline strong, .badge, .word, .mark { color: var(--tone); }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
.chain { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); list-style: none; margin: 1.25rem 0; padding: 0; }
.chain li { padding: 0 .6rem 0 0; position: relative; font-size: .875rem; }
.chain li::before { background: var(--line); content: ''; height: 2px; left: 0; position: absolute; right: 0; top: .95rem; }
.chain li:last-child::before { right: auto; width: 0; }
.chain .mark {
  align-items: center; background: var(--paper); border: 2px solid var(--tone); border-radius: 50%; display: flex;
  font-weight: 700; height: 2rem; justify-content: center; position: relative; width: 2rem;
}
.chain .fail .mark { background: var(--tone); color: var(--paper); }
.chain div { margin-top: .4rem; }
.chain .word { display: block; font-weight: 600; }
.chain p { color: var(--quiet); font-size: .8125rem; line-height: 1.4; margin: .15rem 0 0; }
article { border: 1px solid var(--line); border-left: .3rem solid var(--tone); border-radius: .4rem; margin: 1rem 0; padding: 1rem; }
.says { font-weight: 600; }
table { border-collapse: collapse; margin: .75rem 0; width: 100%; }
caption { color: var(--quiet); font-size: .875rem; text-align: left; }
th, td { border-top: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
th { font-weight: 400; } thead th { font-weight: 600; } .evidence th { width: 21rem; } .swap th { overflow-wrap: normal; }
dt { color: var(--quiet); font-size: .875rem; } dd { margin: 0 0 .5rem; }
figure { margin: .5rem 0; }
figcaption { color: var(--quiet); font-size: .8125rem; }
pre { background: var(--sheet); border: 1px solid var(--line); border-radius: .4rem; margin: 0; overflow-x: auto; padding: .6rem .8rem; }
@media (max-width: 52rem) {
  .chain { display: block; }
  .chain li { display: flex; gap: .75rem; padding: 0 0 1rem; }
  .chain li::before { bottom: 0; height: auto; left: 1rem; right: auto; top: 0; width: 2px; }
  .chain li:last-child::before { bottom: auto; height: 0; }
  .chain .mark { flex: none; }
  .chain div { margin-top: .2rem; }
  .chain .word { display: inline; }
  pre { white-space: pre-wrap; }
  .evidence th, .evidence td { display: block; padding-right: 0; width: auto; }
  .evidence td { border-top: 0; padding-top: 0; }
}
@media print {
  :root {
    --paper: #fff; --sheet: #fff; --ink: #000; --quiet: #444; --line: #999;
    --pass: #1a7f37; --fail: #cf222e; --warn: #8a5a00; --unknown: #8250df; --skip: #444;
    font-size: 10pt;
  }
  body { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; }
  article, .chain, tr { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  a[href]::after { content: ' (' attr(href) ')'; }
}
`;
