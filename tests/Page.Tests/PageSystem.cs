using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>One system and one browser for all tests of this assembly. Streams have ids of their own, so that no test sees another's.</summary>
public sealed class PageSystem : IAsyncLifetime
{
    /// <summary>The profile whose worker writes hostile lines, and ends.</summary>
    public const string HostileProfile = "hostile";

    /// <summary>The profile whose worker is slower than real time.</summary>
    public const string SlowProfile = "slow";

    /// <summary>The profile whose audience stays connected; its worker needs a real publisher.</summary>
    public const string KeptProfile = "passthrough";

    /// <summary>What nobody may take for markup.</summary>
    public const string Hostile = "<img src=x onerror=\"window.hurt=1\">'\"&</pre><script>window.hurt=1</script>";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private StreamsSystem? _system;
    private readonly List<string> _published = [];
    private string? _session;

    /// <summary>The silo with its page, and the stand-in for MediaMTX.</summary>
    public StreamsSystem System => _system ?? throw new InvalidOperationException("It has not been started.");

    /// <summary>Where the page is.</summary>
    public string Url => $"http://127.0.0.1:{System.ApiPort}";

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Program is null)
        {
            return; // Each test says so, and is skipped.
        }

        Dictionary<string, string> settings = FakeProfile.With("progress");
        settings["Streams__Workers__Profiles__hostile__Program"] = FakeWorker.Program;
        settings["Streams__Workers__Profiles__hostile__Arguments__0"] = "complain";
        settings["Streams__Workers__Profiles__hostile__Arguments__1"] = Hostile;
        settings["Streams__Workers__Profiles__passthrough__Continuity"] = "Keep";
        settings["Streams__Workers__Profiles__slow__Program"] = FakeWorker.Program;
        settings["Streams__Workers__Profiles__slow__Arguments__0"] = "slow";
        Assertions.SetDefaultExpectTimeout((float)Eventually.Patience.TotalMilliseconds);
        string hookToken = AddToken(settings, 0, "hook");
        string operatorToken = AddToken(settings, 1, "operator");
        ReaderToken = AddToken(settings, 2, "reader");
        Task<StreamsSystem> starting = StreamsSystem.Start(MediaServerKind.Standin, settings, new() { ["ORCHESTRATOR_TOKEN"] = hookToken });
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.Start(_playwright);
        _system = await starting;
        System.Api.DefaultRequestHeaders.Authorization = new("Bearer", operatorToken);
        OperatorToken = operatorToken;
        _session = await SignIn();
    }

    /// <summary>Who has it may command.</summary>
    public string OperatorToken { get; private set; } = "";

    /// <summary>Who has it may look.</summary>
    public string ReaderToken { get; private set; } = "";

    /// <summary>A browser window of its own, in which an operator has signed in; the test is skipped where there is no browser.</summary>
    public Task<Visit> Visit(BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.StorageState = _session;
        return VisitAnonymously(Url, options);
    }

    /// <summary>The same before signing in.</summary>
    /// <param name="url">Where the page is, if not at <see cref="Url"/>.</param>
    /// <param name="options">More about the window.</param>
    public async Task<Visit> VisitAnonymously(string? url = null, BrowserNewContextOptions? options = null)
    {
        Chromium.SkipWithout();
        return await Page.Tests.Visit.Begin(_browser!, url ?? Url, options ?? new());
    }

    /// <summary>Publishes streams, and waits until their workers get on.</summary>
    public async Task<string[]> Run(int count = 1, string name = "page", string query = "")
    {
        Chromium.SkipWithout();
        string[] ids = [.. Enumerable.Range(0, count).Select(_ => TestStream.NewId(name))];
        _published.AddRange(ids);
        await Task.WhenAll(ids.Select(id => System.Media.StartSynthetic(id, query)));
        await Task.WhenAll(ids.Select(id => System.WaitForFrames(id)));
        return ids;
    }

    /// <summary>Publishes a stream whose profile is chosen before.</summary>
    public async Task<string> RunAs(string profile, string name)
    {
        Chromium.SkipWithout();
        string id = TestStream.NewId(name);
        _published.Add(id);
        (await System.Api.PutAsJsonAsync(new Uri($"/v1/streams/{id}/profile", UriKind.Relative), new { profile })).EnsureSuccessStatusCode().Dispose();
        await System.Media.StartSynthetic(id);
        return id;
    }

    /// <summary>Publishes a stream, and then lets other publishers take it over until that is a contest.</summary>
    public async Task<string> Contest(string name)
    {
        string id = (await Run(1, name))[0];
        await Eventually.Get(TakeOver, static isContested => isContested, $"{id} contested");
        return id;

        // One that the stream is not told of, or is told of as an end and a beginning, does not count.
        async Task<bool> TakeOver()
        {
            string? before = await Source();
            await System.Media.StartSynthetic(id);
            await Eventually.Get(Source, now => now is not null && now != before, $"another source of {id}");
            return (await System.Status(id))!.Value.TryGetProperty("contested", out _);
        }

        async Task<string?> Source() => (await System.Status(id))!.Value.TryGetProperty("input", out JsonElement input) ? input.GetProperty("id").GetString() : null;
    }

    /// <summary>Ends all that was published.</summary>
    public async Task EndStreams()
    {
        foreach (string id in _published)
        {
            await System.Media.EndSynthetic(id);
        }

        _published.Clear();
    }

    private async Task<string> SignIn()
    {
        await using Visit visit = await VisitAnonymously();
        await visit.SignIn(OperatorToken);
        return await visit.Page.Context.StorageStateAsync();
    }

    private static string AddToken(Dictionary<string, string> settings, int index, string role) => SetToken(settings, index, role, Guid.NewGuid().ToString("N"));

    /// <summary>Sets a token of a role, and returns it.</summary>
    internal static string SetToken(Dictionary<string, string> settings, int index, string role, string token)
    {
        settings[$"Streams__Access__Tokens__{index}__Role"] = role;
        settings[$"Streams__Access__Tokens__{index}__Name"] = $"the-{role}";
        settings[$"Streams__Access__Tokens__{index}__Token"] = token;
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
        await (_system?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}
