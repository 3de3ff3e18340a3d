using System.Collections.Concurrent;
using Microsoft.Playwright;
using Streams.Testing;
using Xunit;

namespace Streams.Page.Tests;

/// <summary>
/// One person's visit in the browser. Its end asserts what holds for every visit: no script failed, the console has no error, the page
/// asked nobody but its own server, and no text was taken for markup.
/// </summary>
public sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string _url;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _foreign = new();

    private Visit(IBrowserContext context, IPage page, string url)
    {
        _context = context;
        _url = url;
        Page = page;
    }

    /// <summary>The browser's page.</summary>
    public IPage Page { get; }

    /// <summary>Errors in the console that the test brings about itself contain one of these.</summary>
    public List<string> Expected { get; } = [];

    /// <summary>Begins one.</summary>
    internal static async Task<Visit> Begin(IBrowser browser, string url, BrowserNewContextOptions options)
    {
        options.BaseURL = url;
        IBrowserContext context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        Visit visit = new(context, await context.NewPageAsync(), url);
        visit.Listen();
        return visit;
    }

    /// <summary>The row of a stream on the first page.</summary>
    public ILocator Row(string id) => Page.Locator($"tr[data-id='{id}']");

    /// <summary>A cell of that row.</summary>
    public ILocator Cell(string id, string name) => Row(id).Locator($"[data-f={name}]");

    /// <summary>Presses Tab until the element has the focus, as somebody without a mouse does.</summary>
    public async Task TabTo(ILocator element)
    {
        for (int presses = 0; presses < 60; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await element.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"60 presses of Tab do not reach {element}.");
    }

    /// <summary>Signs in on the page that is shown, or on the first one.</summary>
    public async Task SignIn(string token)
    {
        if (!Page.Url.Contains("/sign-in", StringComparison.Ordinal))
        {
            await Page.GotoAsync("/");
        }

        await Page.GetByLabel("Access token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>The text of an element; waits for it.</summary>
    public static async Task<string> Text(ILocator element) => (await element.TextContentAsync())!.Trim();

    public async ValueTask DisposeAsync()
    {
        // Where script is switched off there is none to be hurt, and none to ask.
        bool isHurt = await Page.EvaluateAsync<bool>("() => window.hurt === 1");
        await _context.DisposeAsync();
        Assert.False(isHurt, "Text from outside was taken for markup.");
        Assert.DoesNotContain(_errors, error => !Expected.Exists(part => error.Contains(part, StringComparison.Ordinal)));
        Assert.Empty(_foreign);
    }

    private void Listen()
    {
        Page.PageError += (_, error) => _errors.Enqueue(error);
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Enqueue($"{message.Type}: {message.Text} ({message.Location})");
            }
        };
        Page.Request += (_, request) =>
        {
            if (request.Url != _url && !request.Url.StartsWith(_url + "/", StringComparison.Ordinal) && !Expected.Exists(part => request.Url.Contains(part, StringComparison.Ordinal)))
            {
                _foreign.Enqueue(request.Url);
            }
        };
    }
}
