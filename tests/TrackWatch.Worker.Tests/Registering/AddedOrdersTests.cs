using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Tests.Registering;

public sealed class AddedOrdersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trackwatch-added-").FullName;

    private OrdersPaths Paths => OrdersPaths.Of(Path.Combine(folder, "orders.yaml"));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_first_order_makes_the_file_and_the_next_stands_below_it()
    {
        Add("lp 0061 2345 678901", "Kulaklık: \"mavi\" #1", "ayse@example.org")
            .ShouldBeOfType<Adding.Written>()
            .Number.ShouldBe("LP00612345678901");
        Add("00340434161094042557").ShouldBeOfType<Adding.Written>().File.ShouldBe(Paths.Added);

        var found = OrdersFile.Read(Paths, new OrdersContext()).ShouldBeOfType<OrdersReading.Found>();
        found.IsUsable.ShouldBeTrue();
        found
            .Orders.Select(o => (o.Order.Id, o.Order.Item))
            .ShouldBe([("LP00612345678901", "Kulaklık: \"mavi\" #1"), ("00340434161094042557", null)]);
        found.Orders[1].Order.People.ShouldBe(["ayse@example.org"]);
        File.ReadAllText(Paths.Added).ShouldStartWith("# Orders that `trackwatch add` wrote.");
    }

    [Theory]
    [InlineData("# mine\norders:\n- number: LP00612345678901   # keep\n\n# the end\n")]
    [InlineData("orders:\n    - number: LP00612345678901\n      item: >\n        a long\n        text")]
    [InlineData("orders:\r\n  - number: LP00612345678901\r\n")]
    [InlineData("orders:\n  # none yet\n")]
    [InlineData("people:\n  ayse: {email: a@example.org}\n")]
    [InlineData("")]
    public void What_stands_there_already_is_kept_to_the_letter(string before)
    {
        Write(before);
        Add("LP00612345678902", "Hub").ShouldBeOfType<Adding.Written>();
        File.ReadAllText(Paths.Added).ShouldStartWith(before);
        Numbers().ShouldContain("LP00612345678902");
    }

    [Theory]
    [InlineData("orders: [{number: LP00612345678901}]\n", "nothing can be added at its end")]
    [InlineData(
        "orders:\n  - number: LP00612345678901\npeople:\n  a: {email: a@example.org}\n",
        "nothing can be added at its end"
    )]
    [InlineData("orders:\n  - nummer: LP00612345678901\n", "has to be mended first")]
    [InlineData("orders:\n  - number: LP00612345678902\n", "stands in")]
    public void A_file_that_cannot_be_added_to_stays_as_it_is(string before, string why)
    {
        Write(before);
        Add("LP00612345678902").ShouldBeOfType<Adding.Refused>().Why.ShouldContain(why);
        File.ReadAllText(Paths.Added).ShouldBe(before);
    }

    [Fact]
    public void Commands_at_the_same_time_lose_none_of_each_others_orders()
    {
        var numbers = Enumerable.Range(10, 20).Select(i => $"LP006123456789{i}").ToList();
        Parallel.ForEach(numbers, n => Add(n, owner: "me@example.org").ShouldBeOfType<Adding.Written>());
        Numbers().ShouldBe(numbers, ignoreOrder: true);
    }

    [Fact]
    public void What_is_no_number_is_not_added()
    {
        Add("LP?").ShouldBeOfType<Adding.Refused>().Why.ShouldBe("'LP?' is no tracking number.");
        Directory.Exists(Paths.Folder).ShouldBeFalse();
    }

    private IEnumerable<string> Numbers() =>
        OrdersFile
            .Read(Paths, new OrdersContext())
            .ShouldBeOfType<OrdersReading.Found>()
            .Orders.SelectMany(o => o.Order.Tracking)
            .Select(t => t.Number);

    private Adding Add(string number, string? item = null, string? owner = null) =>
        AddedOrders.Add(Paths, number, item, owner);

    private void Write(string text)
    {
        Directory.CreateDirectory(Paths.Folder);
        File.WriteAllText(Paths.Added, text);
    }
}
