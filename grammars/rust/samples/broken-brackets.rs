fn total(items: &[u32] -> u32 {
    items.iter().sum()
}

struct Item {
    name: String
    price: u32,
}

fn main() {
    let list = vec![1, 2, 3;
    println!("{}", total(&list);
}
