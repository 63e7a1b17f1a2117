#!/bin/bash
if [ -f "$1" ]; then
  echo "there"

for file in *.txt; do
  echo "$file"
