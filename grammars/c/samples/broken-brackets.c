int total(int *items, int count {
    int sum = 0;
    for (int i = 0; i < count; i++) {
        sum += items[i;
    }
    return sum
}
