/** The buttons and options in view that are lower or narrower than a number of CSS pixels, by their names. */
({ size }) =>
  [...document.querySelectorAll('button, [role="option"], [role="menuitem"], [role="switch"]')]
    .filter((element) => {
      const { top, left, width, height } = element.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + height / 2);
      return (height < size || width < size) && (element === seen || element.contains(seen));
    })
    .map((element) => element.ariaLabel ?? element.textContent);
