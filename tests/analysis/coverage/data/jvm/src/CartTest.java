package com.shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CartTest {
    private final Cart cart = new Cart();

    @Test
    void adds() {
        cart.add("tea", 300);
        cart.add("milk", 100);
        assertEquals(400, cart.total(Discount.NONE));
    }

    @Test
    void findsTheCheapest() {
        assertEquals("nothing", cart.cheapest());
        cart.add("tea", 300);
        cart.add("milk", 100);
        assertEquals("milk", cart.cheapest());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, -100})
    void refusesNegativePrices(int cents) {
        assertThrows(IllegalArgumentException.class, () -> cart.add("tea", cents));
    }

    @Disabled("prices are to come from the server")
    @Test
    void asksTheServer() {
        fail();
    }

    @Test
    void runsOnMondaysAlone() {
        Assumptions.assumeTrue(false, "it is no Monday");
    }

    @Nested
    class WithDiscount {
        @Test
        void halvesForStaff() {
            cart.add("tea", 300);
            assertEquals(150, cart.total(Discount.named("staff")));
        }
    }
}
