import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTimeline } from './timeline.ts';

const base = Date.parse('2026-01-01T12:00:00.000Z');
const line = (ms: number, image: string) =>
  `${new Date(base + ms).toISOString()} INFO  - Pulling image: ${image}`;
const images = (events: { kind: string }[]) =>
  events.map((event) => ('image' in event ? event.image : event.kind));

describe('a line counts', () => {
  test('not when it was written before the start, however late it comes', () => {
    const timeline = createTimeline();
    timeline.begin(base);
    timeline.takeStreamed(line(-1, 'old'));
    timeline.takeWritten(`${line(-1, 'old')}\n${line(0, 'new')}`);
    expect(images(timeline.events())).toEqual(['new']);
  });

  test('not when it had come before the start, be it of the same moment', () => {
    const timeline = createTimeline();
    timeline.takeStreamed(line(5, 'old'));
    timeline.begin(base);
    timeline.takeWritten([line(5, 'old'), line(5, 'new')].join('\n'));
    timeline.takeStreamed(line(5, 'old'));
    expect(images(timeline.events())).toEqual(['new']);
  });

  test('with the time of the line before it when it has none of its own', () => {
    const timeline = createTimeline();
    timeline.begin(base);
    timeline.takeStreamed('Container pull image interrupted. Revert by terminate.');
    expect(timeline.events()).toEqual([]);
    timeline.takeStreamed(line(1, 'new'));
    timeline.takeStreamed('Container pull image interrupted. Revert by terminate.');
    timeline.takeStreamed('Container pull image interrupted. Revert by terminate.');
    expect(images(timeline.events())).toEqual(['new', 'pull-error']);
  });
});

test('machines are told apart, and together they are in order', () => {
  const timeline = createTimeline();
  timeline.begin(base);
  timeline.takeWritten(line(2, 'b'), 'two');
  timeline.takeWritten(line(1, 'a'), 'one');
  expect(timeline.machines().sort()).toEqual(['one', 'two']);
  expect(images(timeline.written('one'))).toEqual(['a']);
  expect(images(timeline.events())).toEqual(['a', 'b']);
});

test('whatever the stream loses, repeats, shuffles and brings late: with the file, the log is as it was written', () => {
  const times = fc
    .array(fc.integer({ min: -5, max: 20 }), { maxLength: 30 })
    .map((all) => all.sort((a, b) => a - b));
  fc.assert(
    fc.property(times, fc.infiniteStream(fc.nat()), fc.nat(30), (times, random, cut) => {
      const lines = times.map((ms, index) => line(ms, `i${index}`));
      const wanted = times.flatMap((ms, index) => (ms < 0 ? [] : [`i${index}`]));
      const timeline = createTimeline();
      timeline.begin(base);
      const shuffled = [...lines, ...lines]
        .map((text) => ({ text, rank: random.next().value! }))
        .filter(({ rank }) => rank % 3 > 0)
        .sort((a, b) => a.rank - b.rank);
      for (const { text } of shuffled) timeline.takeStreamed(text);
      // The file's end is read twice, and what it has in common is the same.
      timeline.takeWritten(lines.slice(0, cut).join('\n'));
      timeline.takeWritten(lines.slice(Math.max(0, cut - 5)).join('\n'));
      expect(images(timeline.events())).toEqual(wanted);
      expect(images(timeline.written())).toEqual(wanted);
    }),
  );
});
