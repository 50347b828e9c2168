'use strict';

/** A heading. */
exports.title = (text) => `<h1>${text}</h1>`;
