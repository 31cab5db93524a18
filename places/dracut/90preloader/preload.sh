#!/bin/sh
# Sourced by dracut's init, which goes on whatever comes of it.

/usr/sbin/preloader preload --mount --keep-going || warn "preloader: exit code $?, the machine boots on"
