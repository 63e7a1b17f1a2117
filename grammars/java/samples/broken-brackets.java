class Broken {
    int total(int[] items {
        int sum = 0;
        for (int item : items) sum += item;
        return sum;
    }

    void print() {
        System.out.println("total";
        int x = 1
    }
}
