const = 5;

if (true {
  console.log("yes");
}

let name = "unfinished;
for (let i = 0; i < 3; i++ { }
