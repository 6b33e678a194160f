/**
 * Scrolls an element by so many pixels a frame until `distance` pixels were scrolled, or the list's end for 5 seconds.
 * Returns the milliseconds between frames, and how far it came.
 */
async ({ scroller, perFrame, distance }) => {
  const element = scroller ? document.querySelector(scroller) : document.documentElement;
  const frames = [];
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let scrolled = 0;
  let movedAt = await nextFrame();
  for (let last = movedAt; scrolled < distance && last - movedAt < 5_000;) {
    const from = element.scrollTop;
    element.scrollTop = from + perFrame;
    if (element.scrollTop > from) movedAt = last;
    scrolled += element.scrollTop - from;
    const now = await nextFrame();
    frames.push(now - last);
    last = now;
  }
  return { frames, scrolled };
};
