/** Loaded before a program (`node --import`): its clock is half a minute late. */
const LATE_MS = 30_000;
const OnTime = Date;
globalThis.Date = class extends OnTime {
  constructor(...given) {
    super(...(given.length ? given : [OnTime.now() - LATE_MS]));
  }

  static now() {
    return OnTime.now() - LATE_MS;
  }
};
