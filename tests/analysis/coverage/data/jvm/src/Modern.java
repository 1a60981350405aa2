package com.shop;

record Modern(String name, int cents) {
    Modern {
        if (cents < 0) throw new IllegalArgumentException(name);
    }

    enum Kind { TEA, MILK, BREAD }

    static String of(Kind kind) {
        return switch (kind) {
            case TEA, MILK -> "drink";
            case BREAD -> {
                String food = "fo" + "od".strip();
                yield food;
            }
        };
    }

    static int length(Object what) {
        if (what instanceof String text && !text.isEmpty()) {
            return text.length();
        }
        return what instanceof Modern other ? other.name().length() : 0;
    }
}
