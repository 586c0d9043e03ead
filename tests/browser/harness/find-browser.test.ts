import { expect, test } from 'vitest';
import { usualPlaces } from './find-browser.ts';

test('a browser is looked for where each system keeps its programs', () => {
  expect(usualPlaces('linux', { PATH: '/opt/bin:/usr/bin' }, '/home/ada')).toEqual(
    expect.arrayContaining([
      '/opt/bin/chromium',
      '/usr/bin/google-chrome-stable',
      '/usr/bin/microsoft-edge',
      '/snap/bin/chromium',
    ]),
  );
  expect(usualPlaces('darwin', {}, '/Users/ada')).toEqual(
    expect.arrayContaining([
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ]),
  );
  const windows = { PROGRAMFILES: String.raw`C:\Program Files`, LOCALAPPDATA: String.raw`C:\Users\ada` };
  expect(usualPlaces('win32', windows, String.raw`C:\Users\ada`)).toEqual(
    expect.arrayContaining([
      String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
      String.raw`C:\Users\ada\Microsoft\Edge\Application\msedge.exe`,
    ]),
  );
});
