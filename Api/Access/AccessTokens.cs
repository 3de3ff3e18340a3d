using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Configuration;

namespace Streams.Api.Access;

/// <summary>Access tokens that are valid now: those of the configuration, and those of the file as it was last usable.</summary>
internal sealed class AccessTokens : ISettingsFile
{
    private readonly SecretSource<AccessToken> _source;
    private readonly FailedAttempts _failed;
    private volatile Held _current;

    public AccessTokens(IOptions<AccessOptions> options, TimeProvider time)
    {
        IsOpen = options.Value.IsOpen;
        _source = SourceOf(options.Value);
        _failed = new FailedAttempts(options.Value.FailuresPerMinute, time);
        _current = new Held(_source.Read([]));
    }

    /// <summary>Whether everybody on this machine may do everything: nobody set up a token when the service started.</summary>
    public bool IsOpen { get; }

    public string File => _source.File;

    /// <summary>Cancelled when the tokens change. What was let in before and goes on for long ends then, to be asked for its token anew.</summary>
    public CancellationToken Changed => _current.Replaced.Token;

    /// <summary>All that is wrong with the tokens of the configuration and of its file.</summary>
    public static List<string> FindErrors(AccessOptions options)
    {
        List<string> errors = [];
        FindDoubles(SourceOf(options).Read(errors), errors);
        return errors;
    }

    public IReadOnlyList<string> Apply(string text)
    {
        List<string> errors = [];
        IReadOnlyList<AccessToken> all = _source.Read(text, errors);
        FindDoubles(all, errors);
        if (errors.Count == 0)
        {
            Held before = _current;
            _current = new Held(all);
            before.Replaced.Cancel();
        }

        return errors;
    }

    /// <summary>Finds the token with a secret on behalf of an address. Wrong ones are counted, and the address is blocked after too many.</summary>
    public Attempt Try(IPAddress? address, string secret)
    {
        AccessToken? token = Find(secret);
        return _failed.Count(address, subject: "", HashCode.Combine(secret), proof: token?.Id) is { } wait
            ? new Attempt(null, IsBlocked: true, wait)
            : new Attempt(token);
    }

    /// <summary>The token with an id; null when it is no longer valid.</summary>
    public AccessToken? FindById(string? id) => _current.Tokens.FirstOrDefault(token => token.Id == id);

    /// <summary>All are compared, so the time says nothing about which one it was.</summary>
    private AccessToken? Find(string secret)
    {
        HashedSecret given = new(secret);
        AccessToken? found = null;
        foreach (AccessToken token in _current.Tokens)
        {
            found = token.Secret.Is(given) ? token : found;
        }

        return found;
    }

    private static SecretSource<AccessToken> SourceOf(AccessOptions options) => new(
        "token",
        options.Tokens.Select(static (token, index) => (token.Token, $"{AccessOptions.Section}:Tokens:{index}", (string[])[token.Role, token.Name, token.Token]))
            .Where(static token => token.Token.Length > 0).Select(static token => (token.Item2, token.Item3)),
        options.TokenFile,
        $"{AccessOptions.Section}:{nameof(options.TokenFile)}",
        AccessToken.Read);

    private static void FindDoubles(IReadOnlyList<AccessToken> tokens, List<string> errors) => errors.AddRange(tokens
        .GroupBy(static token => token.Id).Where(static same => same.Select(static token => token.Role).Distinct().Count() > 1)
        .Select(static same => $"{AccessOptions.Section}: {string.Join(" and ", same.Select(static token => token.Name))} have the same token and different roles."));

    private sealed record Held(IReadOnlyList<AccessToken> Tokens)
    {
        public CancellationTokenSource Replaced { get; } = new();
    }
}
