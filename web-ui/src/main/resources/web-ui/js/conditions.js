/**
 * The conditions of a replay as the form shows them: one group whose parts are tests, or groups of
 * tests. What goes deeper, or tests several things at once, is edited as JSON.
 */

/** What can be looked at: how people call it, and how it is compared. */
export const KINDS = {
  label: { name: 'Label', compared: ['is', 'contains'] },
  feature: { name: 'Feature', compared: ['there', 'is', 'contains', 'range'] },
  text: { name: 'Any text', compared: ['contains'] },
  confidence: { name: 'Confidence', compared: ['range'], unit: '%' },
  durationSeconds: { name: 'Length', compared: ['range'], unit: 's' },
  time: { name: 'Time', compared: ['time'] },
  feedback: { name: 'Feedback', compared: ['is'], choices: { liked: 'liked', disliked: 'disliked', none: 'neither' } },
  stream: { name: 'Stream', compared: ['is'] },
  classifier: { name: 'Found by', compared: ['is'] },
};

/** How it is compared, as people read it. */
export const COMPARED = {
  is: 'is one of',
  contains: 'contains one of',
  there: 'is there',
  range: 'lies within',
  time: 'lies within',
};

const FIELDS = {
  is: ['is'],
  contains: ['contains'],
  there: [],
  range: ['atLeast', 'atMost'],
  time: ['fromMicros', 'toMicros'],
};

export const newTest = (what = 'label') => ({ what, compared: KINDS[what].compared[0], not: false, name: '', values: {} });

export const newGroup = (word = 'and', parts = [newTest()]) => ({ word, not: false, parts });

/** A condition of the API as a group; null when the form cannot show it. */
export function toGroup(condition) {
  if (!condition) {
    return newGroup('and', []);
  }
  const whole = toPart(condition);
  if (!whole) {
    return null;
  }
  // Nothing that is said of the whole is lost: `not` of a group stays with that group.
  return whole.parts && !whole.not ? whole : newGroup('and', [whole]);
}

function toPart(condition, depth = 0) {
  if (condition.not) {
    const part = toPart(condition.not, depth);
    return part && !part.not ? { ...part, not: true } : null;
  }
  const word = condition.and ? 'and' : condition.or ? 'or' : null;
  if (!word) {
    return toTest(condition);
  }
  const parts = condition[word].map((part) => toPart(part, depth + 1));
  const flat = parts.every((part) => part && (depth === 0 || !part.parts));
  return flat && depth < 2 ? { word, not: false, parts } : null;
}

function toTest({ what, name = '', ...rest }) {
  const given = Object.keys(rest).filter((field) => rest[field] !== null && rest[field] !== undefined);
  const { compared: ways = [] } = KINDS[what] ?? {};
  const compared = given.length === 0 && ways.includes('there')
    ? 'there'
    : ways.find((one) => given.every((field) => FIELDS[one].includes(field)));
  return compared ? { what, compared, not: false, name, values: rest } : null;
}

/** The condition of the API; null for a group without parts. */
export function toCondition(group) {
  return group.parts.length === 0 ? null : ofPart(group);
}

function ofPart(part) {
  const bare = part.parts ? ofGroup(part) : ofTest(part);
  return part.not ? { not: bare } : bare;
}

const ofGroup = ({ word, parts }) => (parts.length === 1 ? ofPart(parts[0]) : { [word]: parts.map(ofPart) });

function ofTest({ what, compared, name, values }) {
  const test = { what };
  if (what === 'feature') {
    test.name = name;
  }
  for (const field of FIELDS[compared]) {
    const value = values[field];
    if (Array.isArray(value) ? value.length : value !== undefined && value !== null) {
      test[field] = field === 'is' && what === 'feature' ? value.map(typed) : value;
    }
  }
  return test;
}

/** Features are text, numbers or truths, and each is like its own kind alone. */
function typed(value) {
  if (value === 'true' || value === 'false') {
    return value === 'true';
  }
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value;
}

/** Where a part of a group stands in the condition that is sent. */
export function pathOf(path, group, index) {
  const own = group.not ? `${path}.not` : path;
  return group.parts.length === 1 ? own : `${own}.${group.word}[${index}]`;
}
