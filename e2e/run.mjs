// Runs the browser tests: all of them, or the files named. `cargo xtask test --only e2e` starts a demo and calls this.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

if (!process.env.MAPALUS_URL) {
  console.error('MAPALUS_URL is not set. `cargo xtask test --only e2e` starts a demo and sets it.');
  process.exit(2);
}
const here = new URL('.', import.meta.url).pathname;
const named = process.argv.slice(2);
const files = named.length > 0 ? named : readdirSync(here).filter((file) => file.endsWith('.test.mjs')).sort();
const options = ['--test', '--test-concurrency=3', '--test-reporter=spec'];
const run = spawnSync(process.execPath, [...options, ...files], { cwd: here, stdio: 'inherit' });
process.exit(run.status ?? 1);
