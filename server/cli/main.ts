#!/usr/bin/env node
// The `hearth` command. Loads only what the chosen form needs: the forwarder's start-up is paid once per editor.
export {};
