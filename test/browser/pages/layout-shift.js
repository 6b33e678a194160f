/** The layout shifts so far, added up, without those that follow what the reader did. See web.dev/articles/cls. */
() =>
  new Promise((resolve) => {
    new PerformanceObserver((list, observer) => {
      const shifts = list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput);
      observer.disconnect();
      resolve(shifts.reduce((sum, { value }) => sum + value, 0));
    }).observe({ type: 'layout-shift', buffered: true });
    // An observer is not called while there is nothing to tell.
    setTimeout(() => resolve(0), 100);
  });
