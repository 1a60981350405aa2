package com.shop;

public enum Discount {
    NONE,
    STUDENT,
    STAFF;

    int of(int cents) {
        switch (this) {
            case STUDENT:
                return cents - cents / 10;
            case STAFF:
                return cents / 2;
            default:
                return cents;
        }
    }

    static Discount named(String name) {
        try {
            switch (name) {
                case "student":
                    return STUDENT;
                case "staff":
                    return STAFF;
                default:
                    return Discount.valueOf(name);
            }
        } catch (IllegalArgumentException unknown) {
            return NONE;
        } finally {
            asked++;
        }
    }

    static int asked;
}
