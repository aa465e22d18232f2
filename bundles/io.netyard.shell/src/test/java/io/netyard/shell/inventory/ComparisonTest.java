package io.netyard.shell.inventory;

import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.USER;
import static io.netyard.api.inventory.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.NamespaceType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    @Test
    void saysOfEachTypeWhetherItIsSharedAndWhatThatMeans() {
        List<Comparison> all = Comparison.of(
                Map.of(NET, Samples.id(NET, 1), USER, Samples.id(USER, 2)),
                Map.of(NET, Samples.id(NET, 3), USER, Samples.id(USER, 2)));
        assertThat(all).extracting(Comparison::type).containsExactly(NET, USER);
        assertThat(all.get(0).shared()).contains(false);
        assertThat(all.get(0).meaning()).startsWith("each has its own interfaces");
        assertThat(all.get(1).shared()).contains(true);
        assertThat(all.get(1).meaning()).contains("root of one is root of the other");
    }

    @Test
    void whatOneOfThemHasLeftCannotBeTold() {
        Comparison uts =
                Comparison.of(Map.of(UTS, Samples.id(UTS, 1)), Map.of()).get(0);
        assertThat(uts.shared()).isEmpty();
        assertThat(uts.meaning()).startsWith("cannot be told");
    }

    @Test
    void everyTypeHasItsOwnSentences() {
        assertThat(Arrays.stream(NamespaceType.values())
                        .flatMap(type -> List.of(
                                new Comparison(
                                        type, Optional.of(Samples.id(type, 1)), Optional.of(Samples.id(type, 1))),
                                new Comparison(
                                        type, Optional.of(Samples.id(type, 1)), Optional.of(Samples.id(type, 2))))
                                .stream())
                        .map(Comparison::meaning))
                .hasSize(16)
                .doesNotHaveDuplicates();
    }
}
