using Xunit;

namespace Streams.Api.Tests.Pages;

/// <summary>Commands by form.</summary>
[Collection(ApiCollection.Name)]
public sealed class CommandPageTests(ApiFixture api)
{
    private readonly string _stream = FakeCluster.NewStream();

    [Theory]
    [InlineData("stop", "Stop")]
    [InlineData("resume", "Resume")]
    [InlineData("restart", "Restart")]
    [InlineData("profile", "Profile dub-es")]
    public async Task A_form_is_a_command_and_leads_to_the_stream(string command, string order)
    {
        Know();
        using HttpResponseMessage answer = await Post(command, ("profile", "dub-es"));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.EndsWith($"/streams/{_stream}", answer.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal(order, Assert.Single(FakeCluster.Orders[_stream]).Order);
    }

    [Fact]
    public async Task The_default_profile_is_chosen_by_no_name()
    {
        Know();
        using HttpResponseMessage answer = await Post("profile", ("profile", ""));
        Assert.Equal("Profile of the configuration", Assert.Single(FakeCluster.Orders[_stream]).Order);
    }

    [Fact]
    public async Task A_profile_is_offered_and_chosen_before_the_first_publish()
    {
        string page = await api.Http.GetStringAsync(new Uri($"/streams/{_stream}/profile", UriKind.Relative));
        Assert.Contains("Nobody has published it yet.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("the default (", page, StringComparison.Ordinal);

        FakeCluster.Receipts[_stream] = new CommandReceipt(null, "There is no worker profile 'x'.");
        using HttpResponseMessage refused = await Post("profile", ("profile", "x"));
        Assert.Equal(409, (int)refused.StatusCode);
        Assert.Contains("There is no worker profile", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        FakeCluster.Receipts[_stream] = new CommandReceipt(StreamsTests.FullStatus(_stream));
        Know();
        using HttpResponseMessage taken = await Post("profile", ("profile", "dub-es"));
        Assert.Equal(200, (int)taken.StatusCode);
        Assert.Equal("Profile dub-es", FakeCluster.Orders[_stream].Last().Order);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("restart")]
    public async Task Nothing_else_is_offered_for_a_stream_that_was_never_seen(string command)
    {
        using HttpResponseMessage answer = await api.Http.GetAsync(new Uri($"/streams/{_stream}/{command}", UriKind.Relative));
        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Asking_for_confirmation_commands_nothing()
    {
        Know();
        string page = await api.Http.GetStringAsync(new Uri($"/streams/{_stream}/stop", UriKind.Relative));
        Assert.Contains($"Stop {_stream}?", page, StringComparison.Ordinal);
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));
    }

    [Fact]
    public async Task A_refused_command_shows_the_form_again_with_the_reason()
    {
        Know();
        FakeCluster.Refusals[_stream] = "Nobody publishes <it>.";
        using HttpResponseMessage answer = await Post("restart");
        Assert.Equal(409, (int)answer.StatusCode);
        string page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("Nobody publishes &lt;it&gt;.", page, StringComparison.Ordinal);
        Assert.Contains($"Restart {_stream}?", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_commands_nothing()
    {
        Know();
        using HttpRequestMessage request = new(HttpMethod.Post, $"/streams/{_stream}/stop") { Headers = { { "Sec-Fetch-Site", "cross-site" } }, Content = new FormUrlEncodedContent([]) };
        using HttpResponseMessage answer = await api.Http.SendAsync(request);
        await ApiFixture.Problem(answer, 403);
        Assert.False(FakeCluster.Orders.ContainsKey(_stream));
    }

    [Fact]
    public async Task There_are_no_other_commands()
    {
        Know();
        using HttpResponseMessage answer = await Post("explode");
        await ApiFixture.Problem(answer, 404);
    }

    private void Know()
    {
        FakeCluster.Statuses[_stream] = () => Task.FromResult<StreamStatus?>(StreamsTests.FullStatus(_stream));
        FakeCluster.Histories[_stream] = new StreamHistory();
    }

    private Task<HttpResponseMessage> Post(string command, params (string Name, string Value)[] fields) => api.Http.PostAsync(
        new Uri($"/streams/{_stream}/{command}", UriKind.Relative),
        new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));
}
