<?php

class Shelf
{
    public function total(array $items {
        $sum = 0
        foreach ($items as $item) {
            $sum += $item->price;
        }
        return $sum;
    }
}

$list = [1, 2, 3;
