// The board by the pointer: a card is taken by its grip and let go over what is to become of it. That presses the
// card's own button, so nothing happens here that the buttons do not do. The keyboard has the buttons.
(() => {
  const board = document.querySelector(".board[data-grip]");
  if (!board) return;
  const press = {
    accept: (card) => card.querySelector('[name="outcome"][value="accept"]')?.form,
    wait: (card) => card.querySelector('[name="outcome"][value="wait"]')?.form,
    decline: (card) => card.querySelector('a[href$="#decide"]'),
  };
  let held;

  // Where the board ends the columns come along.
  const edge = 48;
  function scroll() {
    if (!held) return;
    const box = board.getBoundingClientRect();
    const left = Math.max(box.left, 0) + edge;
    const right = Math.min(box.right, innerWidth) - edge;
    if (held.x < left) board.scrollLeft -= 12;
    if (held.x > right) board.scrollLeft += 12;
    if (held.y < edge) scrollBy(0, -12);
    if (held.y > innerHeight - edge) scrollBy(0, 12);
    place();
    held.frame = requestAnimationFrame(scroll);
  }

  // The card follows the pointer, wherever the board was scrolled to meanwhile.
  function place() {
    const { card, x, y, from } = held;
    const moved = { x: board.scrollLeft - from.left, y: scrollY - from.top };
    card.style.translate = `${x - from.x + moved.x}px ${y - from.y + moved.y}px`;
    const over = document.elementFromPoint(x, y)?.closest("[data-outcome]:not([hidden])");
    if (over === held.over) return;
    held.over?.classList.remove("over");
    over?.classList.add("over");
    held.over = over;
  }

  function take(card, grip, event) {
    if (held || event.button || !event.isPrimary) return;
    const can = Object.keys(press).filter((outcome) => press[outcome](card));
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const { clientX: x, clientY: y } = event;
    // Held it is no larger than its name, under the pointer; what is below stays where it is.
    const before = card.offsetHeight;
    card.classList.add("held");
    card.style.marginBottom = `${before - card.offsetHeight}px`;
    const box = card.getBoundingClientRect();
    const from = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    held = { card, grip, x, y, from: { ...from, left: board.scrollLeft, top: scrollY } };
    // Snapping would pull the columns back under the pointer.
    board.classList.add("dragging");
    for (const zone of board.querySelectorAll("[data-outcome]")) {
      zone.hidden = !can.includes(zone.dataset.outcome);
    }
    scroll();
  }

  function release(drop) {
    if (!held) return;
    const { card, over, frame } = held;
    cancelAnimationFrame(frame);
    held = undefined;
    board.classList.remove("dragging");
    over?.classList.remove("over");
    for (const zone of board.querySelectorAll("[data-outcome]")) zone.hidden = true;
    const by = drop && over && press[over.dataset.outcome](card);
    card.classList.remove("held");
    card.style.translate = card.style.marginBottom = "";
    if (!by) return;
    if (by.requestSubmit) by.requestSubmit();
    else by.click();
  }

  for (const card of board.querySelectorAll(".ticket")) {
    if (!Object.values(press).some((find) => find(card))) continue;
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.ariaHidden = "true";
    grip.textContent = board.dataset.grip;
    card.append(grip);
    grip.addEventListener("pointerdown", (event) => take(card, grip, event));
    const follow = (event) => {
      if (held?.grip !== grip) return;
      held.x = event.clientX;
      held.y = event.clientY;
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", (event) => {
      if (held?.grip !== grip) return;
      follow(event);
      place();
      release(true);
    });
    grip.addEventListener("pointercancel", () => release(false));
    grip.addEventListener("lostpointercapture", () => release(false));
  }
  addEventListener("keydown", (event) => event.key === "Escape" && release(false));
})();
