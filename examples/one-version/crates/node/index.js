'use strict';

exports.run = (start, steps) => steps.reduce((value, step) => step(value), start);
