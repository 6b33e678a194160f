/**
 * Notes from now on, in `globalThis.watched`, inputs that took 16 ms or more until the next paint (Event Timing), the
 * milliseconds between frames, and tasks of 50 ms or more.
 */
() => {
  const watched = { inputs: [], frames: [], tasks: [] };
  globalThis.watched = watched;
  const observe = (options, note) => {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe(options);
  };
  observe({ type: 'event', durationThreshold: 16 }, ({ name, duration }) =>
    watched.inputs.push({ name, duration }),
  );
  observe({ type: 'longtask' }, ({ duration }) => watched.tasks.push(duration));
  let last;
  const onFrame = (now) => {
    if (last !== undefined) watched.frames.push(now - last);
    last = now;
    requestAnimationFrame(onFrame);
  };
  requestAnimationFrame(onFrame);
};
