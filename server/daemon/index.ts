// daemon/: processes. The forwarder that an editor starts, the daemon that all of them share, and the standalone form.
export {};
