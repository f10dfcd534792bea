// What every browser script shares: Chromium, a visit whose every complaint is kept, signing in.
import { chromium } from 'playwright-core';

/** Address of the demo that all tests of pages look at; stories start demos of their own. */
export const site = process.env.MAPALUS_URL;

/** The two screens that every page must fit: a cheap phone and a desk. */
export const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 800 } };

let browser;

function launched() {
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
  return browser;
}

/** Ends the browser; a script that opened a visit must call it at its end. */
export async function closeBrowser() {
  await (await browser)?.close();
  browser = undefined;
}

/**
 * A browser of its own for one person: fresh cookies (or those of `state`) and an empty cache. `home` is the site whose
 * addresses it opens.
 * `visit.reports` collects what must never happen: a breach of the content security policy, a script error, a file that
 * did not come. `visit.received` lists what came over the wire since the last `visit.go`: `{ url, type, bytes }`.
 */
export async function open({ size = 'phone', lang = 'id', script = true, dark = false, state, home = site } = {}) {
  const context = await (await launched()).newContext({
    viewport: sizes[size],
    hasTouch: size === 'phone',
    javaScriptEnabled: script,
    colorScheme: dark ? 'dark' : 'light',
    // A page that scrolls by itself is a moving target.
    reducedMotion: 'reduce',
    locale: lang === 'id' ? 'id-ID' : 'en-GB',
    timezoneId: 'Asia/Makassar',
    storageState: state,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const visit = { context, page, cdp, home, reports: [], received: [] };
  await watchReports(visit);
  await watchWire(visit);

  /** Opens an address of the site and waits until all of it is there; gives the answer of the page itself. */
  visit.go = async (path, from = home) => {
    visit.received.length = 0;
    const response = await page.goto(new URL(path, from).href, { waitUntil: 'load' });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return response;
  };
  visit.close = () => context.close();
  return visit;
}

async function watchReports({ page, cdp, reports }) {
  const report = (what) => reports.push(`${what} (on ${new URL(page.url()).pathname})`);
  page.on('pageerror', (error) => report(`script error: ${error.message}`));
  page.on('console', (message) => {
    // Files that do not come and breaches of the policy are reported below, with their place.
    const elsewhere = /^Failed to load resource|Content Security Policy/.test(message.text());
    if (message.type() === 'error' && !elsewhere) report(`console: ${message.text()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== 'net::ERR_ABORTED') report(`${request.url()} failed: ${reason}`);
  });
  page.on('response', (response) => {
    // What an address or a form answers is for the test to judge, a server error never is.
    const kind = response.request().resourceType();
    const asked = ['document', 'fetch', 'xhr'].includes(kind);
    if (response.status() >= (asked ? 500 : 400)) report(`${response.url()} answered ${response.status()}`);
  });
  // Seen by the browser itself, so it works with JavaScript switched off too.
  cdp.on('Audits.issueAdded', ({ issue }) => {
    const policy = issue.details.contentSecurityPolicyIssueDetails;
    if (policy) {
      const place = policy.sourceCodeLocation;
      const where = place ? `line ${place.lineNumber + 1}` : '';
      report(`content security policy: ${policy.violatedDirective} ${policy.blockedURL ?? where}`);
    }
    if (issue.details.quirksModeIssueDetails) report('quirks mode: the page has no doctype');
  });
  await cdp.send('Audits.enable');
}

async function watchWire({ cdp, received }) {
  const known = new Map();
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    const local = response.fromDiskCache || response.fromPrefetchCache || !response.url.startsWith('http');
    if (!local) known.set(requestId, { type, url: response.url });
  });
  cdp.on('Network.requestServedFromCache', ({ requestId }) => known.delete(requestId));
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const file = known.get(requestId);
    if (file) received.push({ ...file, bytes: encodedDataLength });
    known.delete(requestId);
  });
  await cdp.send('Network.enable');
}

/**
 * Opens an address in a language. A stranger's follows the address; a person's is their account's, so it is switched as
 * they would: by the button on the page.
 */
export async function goIn(visit, lang, path) {
  const address = `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
  const response = await visit.go(address);
  const spoken = await visit.page.evaluate(() => document.documentElement.lang);
  const switches = visit.page.locator(`form[action="/language"] button[value="${lang}"]`);
  if (spoken === lang || await switches.count() === 0) return response;
  await switches.first().click();
  await visit.page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' });
  return visit.go(address);
}

/** Signs a visit in as one of the demo's people: `seeker`, `member`, `coordinator`. */
export async function signIn(visit, who, from = site) {
  await visit.go('/demo', from);
  await visit.page.locator(`form[action="/demo/${who}"] button`).click();
  await visit.page.waitForURL((url) => url.pathname !== '/demo');
  await visit.page.waitForLoadState('load');
}

/** The cookies of one of the demo's people, for `open({ state })`; a stranger has none. */
export async function stateOf(who) {
  if (who === 'stranger') return undefined;
  const visit = await open({ size: 'desk', script: false });
  await signIn(visit, who);
  const state = await visit.context.storageState();
  await visit.close();
  return state;
}
