// A queue that keeps the newest entries when it is full.

export interface Entry {
  readonly id: string;
  readonly createdAt: Date;
}

export class BoundedQueue {
  private readonly entries: Entry[] = [];

  constructor(private readonly capacity: number) {}

  push(entry: Entry): Entry | undefined {
    this.entries.push(entry);
    if (this.entries.length <= this.capacity) return undefined;
    return this.entries.shift();
  }

  newest(): Entry | undefined {
    return this.entries[this.entries.length - 1];
  }

  find(id: string): Entry | undefined {
    return this.entries.find((entry) => entry.id === id);
  }
}
