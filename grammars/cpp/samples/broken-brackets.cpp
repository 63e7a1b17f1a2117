#include <vector>

class Shelf {
public:
    int total(const std::vector<int> &items {
        int sum = 0;
        for (auto item : items) sum += item;
        return sum;
    }
};
