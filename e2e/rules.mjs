// The rules that every page keeps, each as a list of faults in words: empty when all is well.
import { readFileSync } from 'node:fs';

const axeSource = readFileSync(new URL('node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** Bytes over the wire, headers included, of a public page's first view; one KB is 1,000 bytes. */
const firstView = { Document: 20_000, Stylesheet: 12_000, Script: 30_000, Font: 28_000, Image: 8_000 };
const firstViewBytes = 100_000;
const firstViewRequests = 8;
const repeatViewBytes = 25_000;

/** Language, width, size of the document, height of what one taps. */
export async function shape(visit, { lang, size }) {
  const seen = await visit.page.evaluate(measure);
  const faults = [];
  if (seen.lang !== lang) faults.push(`is marked lang="${seen.lang}"`);
  if (seen.overflow.length > 0) faults.push(`is wider than the screen: ${seen.overflow.join(', ')}`);
  const most = seen.board ? 2000 : 1200;
  if (seen.nodes > most) faults.push(`has ${seen.nodes} nodes, ${most} at most`);
  if (size === 'phone') {
    for (const target of seen.small) faults.push(`has a target below 48 px: ${target}`);
    await visit.page.setViewportSize({ width: 320, height: 640 });
    const narrow = await visit.page.evaluate(measure);
    if (narrow.overflow.length > 0) faults.push(`is wider than 320 px: ${narrow.overflow.join(', ')}`);
    await visit.page.setViewportSize({ width: 360, height: 740 });
  } else {
    // As it is at a desk for who makes everything twice as large.
    await visit.page.setViewportSize({ width: 640, height: 400 });
    const large = await visit.page.evaluate(measure);
    if (large.overflow.length > 0) faults.push(`is wider than the screen at 200 %: ${large.overflow.join(', ')}`);
    await visit.page.setViewportSize({ width: 1280, height: 800 });
  }
  return faults;
}

/** Runs in the page. */
function measure() {
  const root = document.documentElement;
  const named = (element) => {
    const words = (element.textContent || element.name || '').trim().replace(/\s+/g, ' ').slice(0, 30);
    return `${element.localName}${element.className ? `.${element.classList[0]}` : ''} "${words}"`;
  };
  const overflow = [];
  if (root.scrollWidth > root.clientWidth) {
    for (const element of document.body.querySelectorAll('*')) {
      if (element.getBoundingClientRect().right > root.clientWidth + 1) overflow.push(named(element));
    }
    overflow.splice(3);
    overflow.push(`${root.scrollWidth} px`);
  }
  const height = (element) => element.getBoundingClientRect().height;
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && height(element) > 1;
  const controls = 'button, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea, summary, nav a';
  const small = [...document.querySelectorAll(controls)].filter((control) => shown(control) && height(control) < 47.5);
  for (const box of document.querySelectorAll('input[type=checkbox], input[type=radio]')) {
    const heights = [box, ...(box.labels ?? [])].map(height);
    if (Math.max(...heights) < 47.5) small.push(box.labels?.[0] ?? box);
  }
  return {
    lang: root.lang,
    overflow,
    nodes: document.querySelectorAll('*').length,
    board: document.querySelector('.board') !== null,
    small: small.slice(0, 5).map((element) => `${named(element)} ${Math.round(height(element))} px`),
  };
}

/** The weight of the view just opened by an empty cache, then of the same page opened again. */
export async function weight(visit, path) {
  const faults = [];
  const files = [...visit.received];
  const sum = (list) => list.reduce((bytes, file) => bytes + file.bytes, 0);
  for (const [type, most] of Object.entries(firstView)) {
    const bytes = sum(files.filter((file) => file.type === type));
    if (bytes > most) faults.push(`takes ${bytes} bytes of ${type}, ${most} at most`);
  }
  if (sum(files) > firstViewBytes) faults.push(`takes ${sum(files)} bytes, ${firstViewBytes} at most`);
  if (files.length > firstViewRequests) {
    faults.push(`takes ${files.length} requests, ${firstViewRequests} at most: ${files.map((file) => file.url).join(' ')}`);
  }
  await visit.go(path);
  const again = sum(visit.received);
  if (again > repeatViewBytes) faults.push(`takes ${again} bytes when seen again, ${repeatViewBytes} at most`);
  return faults;
}

/** How far things jumped while the page loaded. */
export async function steadiness(visit) {
  const shift = await visit.page.evaluate(() => new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
  }));
  return shift > 0.05 ? [`jumps while it loads: layout shift ${shift.toFixed(3)}, 0.05 at most`] : [];
}

/**
 * What axe finds against WCAG 2.2 AA and its own good practice. It runs in an isolated world of the page: the content
 * security policy stays in force, and the page's own scripts do not meet it.
 */
export async function accessibility(visit, { only } = {}) {
  const { frameTree } = await visit.cdp.send('Page.getFrameTree');
  const { executionContextId: contextId } = await visit.cdp.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await visit.cdp.send('Runtime.evaluate', {
      expression, contextId, awaitPromise: true, returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await evaluate(`${axeSource}; undefined`);
  const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
  if (only) Object.assign(options, { runOnly: only, rules: {} });
  const { violations } = await evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.map(({ id, help, nodes }) => {
    const places = nodes.slice(0, 3).map((node) => `${node.target.join(' ')} [${node.failureSummary?.split('\n')[1]?.trim()}]`);
    return `axe ${id}: ${help}: ${places.join('; ')}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''}`;
  });
}
