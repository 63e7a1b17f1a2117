fun total(items: List<Int>: Int {
    var sum = 0
    for (item in items {
        sum += item
    }
    return sum
}
