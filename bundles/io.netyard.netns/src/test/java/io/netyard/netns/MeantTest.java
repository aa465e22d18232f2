package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import org.junit.jupiter.api.Test;

class MeantTest {

    @Test
    void theFormDecidesFirst() {
        assertThat(Meant.parse("host")).isEqualTo(new Meant.Host());
        assertThat(Meant.parse("1")).isEqualTo(new Meant.Pid(1));
        assertThat(Meant.parse("4194304")).isEqualTo(new Meant.Pid(4_194_304));
        assertThat(Meant.parse("net:[4026531840]"))
                .isEqualTo(new Meant.Id(new NamespaceId(NamespaceType.NET, 4_026_531_840L)));
        assertThat(Meant.parse("mnt:[4026531841]"))
                .isEqualTo(new Meant.Id(new NamespaceId(NamespaceType.MNT, 4_026_531_841L)));
        assertThat(Meant.parse("/run/netns/x")).isEqualTo(new Meant.File("/run/netns/x"));
        assertThat(Meant.parse("lxc:web1")).isEqualTo(new Meant.Name("lxc:web1"));
        assertThat(Meant.parse("demo/web")).isEqualTo(new Meant.Name("demo/web"));
    }

    /** lsns(8) prints inodes bare, and no kernel gives pids that high. */
    @Test
    void digitsAboveTheHighestPidAreAnInode() {
        assertThat(Meant.parse("4194305")).isEqualTo(new Meant.Inode(4_194_305));
        assertThat(Meant.parse("4026531840")).isEqualTo(new Meant.Inode(4_026_531_840L));
    }

    @Test
    void whatOnlyLooksLikeAnotherFormIsAName() {
        for (String name :
                new String[] {"", "net:[]", "net:[x]", "web:[1]", "-1", "1x", "Host", "9999999999999999999"}) {
            assertThat(Meant.parse(name)).as(name).isEqualTo(new Meant.Name(name));
        }
    }
}
