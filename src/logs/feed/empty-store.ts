import { startOfFeed, type ChangeStore } from '../change-store';

const epoch = 'none';

/** Stands for the feed of a database that has none yet. */
export const emptyStore: ChangeStore = {
  find: async ({ after }) => ({
    epoch,
    objects: Buffer.alloc(0),
    positions: [],
    erasures: [],
    end: after,
    hasMore: false,
    isFuture: false,
  }),
  findEnd: async () => ({ epoch, end: startOfFeed }),
  watch: () => () => {},
  noteErasure: async () => startOfFeed,
  finishErasure: async () => {},
  findUnfinished: async () => [],
  forgetErasures: async () => 0,
  renewEpoch: async () => epoch,
};
