package com.shop;

import java.util.ArrayList;
import java.util.List;

/** What a customer wants to buy. */
public class Cart {
    private final List<Item> items = new ArrayList<>();

    public void add(String name, int cents) {
        if (cents < 0) {
            throw new IllegalArgumentException(name);
        }
        items.add(new Item(name, cents));
    }

    public int total(Discount discount) {
        int sum = 0;
        for (Item item : items) {
            sum += item.cents;
        }
        return discount.of(sum);
    }

    public String cheapest() {
        return items.stream()
            .min((a, b) -> Integer.compare(a.cents, b.cents))
            .map(item -> item.name)
            .orElse("nothing");
    }

    static final class Item {
        final String name;
        final int cents;

        Item(String name, int cents) {
            this.name = name;
            this.cents = cents;
        }
    }
}
