#!/usr/bin/env node
// A small board of notes.
import React, { useState, default as Main } from "react";
import * as store from './store.js';
import "./board.css";
export { sort as order } from "./sort.js";
export * as shapes from "./shapes.js";

const { readFile, join: joinPath } = require("node:fs");
const path = require("node:path");

const MAX_NOTES = 20;
const { a, b: { c1, ...inner }, d = 1, e: f1 = 2, ...others } = store.load(), [g, , [h], ...i] = others;
let state = {
  open: false,
  toggle() { this.open = !this.open; },
  count: () => i.length,
};

class Note extends store.Record {
  static #next = 1;
  title;
  render = () => this.title;

  constructor(title, { pinned = false, tags } = {}, ...rest) {
    super(rest);
    this.title = title;
    this.pinned = pinned;
  }

  get id() { return Note.#next; }

  set id(value) { Note.#next = value; }

  static {
    let seed = MAX_NOTES;
    Note.#next = seed;
  }

  async *lines([first], limit = 3) {
    outer: for (const [key, { text }] of this.entries()) {
      if (!text) continue outer;
      for (let k = 0; k < limit; k++) yield `${key}: ${text}`;
    }
    for (const x in first) console.log(x);
  }
}

function useNotes(initial) {
  const [notes, setNotes] = useState(initial ?? []);
  try {
    const more = JSON.parse(path.join(a, d));
    setNotes([...notes, ...more]);
  } catch ({ message: why }) {
    console.error(why);
  } finally {
    var done = true;
  }
  switch (notes.length) {
    case 0: {
      let empty = true;
      return { notes, empty, done };
    }
    default:
      return { notes };
  }
}

export const Board = async ({ title, notes: all = [] }) => {
  const lazy = await import("./lazy.js");
  all.sort((x, y) => x.id - y.id).map(each => each.title);
  return (
    <section className="board" {...lazy}>
      <store.Header title={title} onClick={(event) => event.preventDefault()} />
      {all.map((note) => <NoteView key={note.id} note={note} />)}
      Some text
    </section>
  );
};

export default function* NoteView(props) {
  const named = function inside() { return inside; };
  yield new Note(named`tagged`, props?.note);
  [state.open, state.open] = [1, 2];
}
