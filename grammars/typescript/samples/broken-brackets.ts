interface Item {
  name: string;
  price: number

function total(items: Item[]: number {
  return items.reduce((sum, item) => sum + item.price, 0);
}

const first: Item = { name: "a", price: 1 ;
