package com.shop;

class Never {
    int called(int times) {
        int sum = 0;
        while (times-- > 0) {
            sum += times % 2 == 0 ? 1 : 2;
        }
        return sum;
    }
}
