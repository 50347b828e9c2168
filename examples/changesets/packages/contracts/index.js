'use strict';

/** An event: its name, and what goes with it. */
exports.event = (name, body) => ({ name, body });
