const x: = 5;
type = string;
function greet(name: string): {
  return `hello ${name`;
}
