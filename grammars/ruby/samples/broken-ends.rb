class Shelf
  def total(items
    items.sum { |item| item.price
  end

  def first
    @items[0
  end

value = {a: 1, b: 2
puts value
