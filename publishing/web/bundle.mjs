// The browser code of the map as one classic script: modules do not load from a folder opened by double-click.
import { build } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';

mkdirSync('built', { recursive: true });
const result = await build({
  entryPoints: ['src/map.ts'],
  outfile: 'built/map.js',
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
});
const inputs = Object.keys(result.metafile.inputs).sort();
writeFileSync('built/inputs.json', JSON.stringify(inputs) + '\n');
