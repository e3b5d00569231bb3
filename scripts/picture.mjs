// Draws docs/doctor.svg and docs/verify.svg, and writes examples/doctor, from a real run: a local Azure, the demo's
// set-up, then the commands.
// Usage: npm run build && node scripts/picture.mjs
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const localAzure = 'packages/local-azure/bin/local-azure.js';
const acrpull = 'packages/acrpull/bin/acrpull.js';
const dataDir = mkdtempSync(join(tmpdir(), 'picture-'));

const examples = {
  text: 'txt',
  json: 'json',
  sarif: 'sarif',
  junit: 'junit.xml',
  markdown: 'md',
  html: 'html',
};

const azure = spawn(process.execPath, [localAzure, 'start', '--data-dir', dataDir, '--port', '0', '--json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const stopped = new Promise((resolve) => azure.once('exit', resolve));
await new Promise((resolve) => azure.stdout.once('data', resolve));
try {
  const settings = execFileSync(process.execPath, [localAzure, 'env', '--json', '--data-dir', dataDir]);
  const env = { ...process.env, ...JSON.parse(settings), FORCE_COLOR: '1', XDG_STATE_HOME: dataDir };
  execFileSync(process.execPath, ['packages/acrpull/dist/demo/set-up.js'], { env });
  draw('docs/doctor.svg', 'acrpull doctor hoge-app', env);
  const saved = 'examples/doctor/snapshot.json';
  run(`acrpull doctor hoge-app --save ${saved}`, env);
  for (const [format, name] of Object.entries(examples)) {
    run(`acrpull doctor --from ${saved} --format ${format} -o examples/doctor/report.${name}`, env);
  }
  run('acrpull fix hoge-app --yes', env);
  draw('docs/verify.svg', 'acrpull verify hoge-app', env);
} finally {
  azure.kill('SIGTERM');
  await stopped;
  rmSync(dataDir, { recursive: true, force: true });
}

function draw(file, commandLine, env) {
  writeFileSync(file, drawTerminal(commandLine, run(commandLine, env)));
}

function run(commandLine, env) {
  const args = [acrpull, ...commandLine.split(' ').slice(1)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  // 1 means that problems were found, as doctor is meant to.
  if (status > 1) throw new Error(stderr);
  return stdout;
}

/** Text with colour codes to SVG: one <text> a line, one <tspan> a run of one style. */
function drawTerminal(title, output) {
  const text = `\x1b[2m$\x1b[22m ${title}\n\n${output.trimStart()}`;
  const colours = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 35: '#d2a8ff', 36: '#79c0ff' };
  const lines = text.replace(/\n+$/, '').split('\n');
  const [charWidth, lineHeight, margin] = [7.83, 18, 20];
  const columns = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
  const width = Math.ceil(columns * charWidth) + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  const style = { colour: '#e6edf3', bold: false, dim: false };
  const rows = lines.map((line, index) => {
    // Each part but the first begins with its code: `31m…`.
    const spans = `\x1b[m${line}`.split('\x1b[').map((part) => {
      const [, code = '', shown = ''] = /^(\d*)m(.*)$/s.exec(part) ?? [];
      if (code in colours) style.colour = colours[code];
      else if (code === '39') style.colour = '#e6edf3';
      else if (code === '1') style.bold = true;
      else if (code === '2') style.dim = true;
      else if (code === '22') style.bold = style.dim = false;
      return span(shown, style);
    });
    return `<text x="${margin}" y="${margin + 13 + index * lineHeight}">${spans.join('')}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>${title}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${rows.join('\n')}
</g>
</svg>
`;
}

function span(text, { colour, bold, dim }) {
  if (text === '') return '';
  // Browsers draw several spaces as one.
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replaceAll(' ', '\u00a0');
  const weight = bold ? ' font-weight="bold"' : '';
  return `<tspan fill="${colour}"${weight}${dim ? ' opacity="0.6"' : ''}>${escaped}</tspan>`;
}
