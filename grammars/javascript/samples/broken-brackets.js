function total(items {
  return items.reduce((sum, item) => sum + item.price, 0);
}

const list = [1, 2, 3;

class Shelf {
  first() {
    return this.items[0];
