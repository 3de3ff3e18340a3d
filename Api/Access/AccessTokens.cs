using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Streams.Api.Configuration;

namespace Streams.Api.Access;

/// <summary>All tokens that are valid now: those of the configuration, and those of the file as it was last usable.</summary>
internal sealed class AccessTokens : ISettingsFile
{
    private readonly ImmutableArray<AccessToken> _configured;
    private volatile Held _current;

    public AccessTokens(IOptions<AccessOptions> options)
    {
        IsOpen = options.Value.IsOpen;
        File = options.Value.TokenFile;
        _configured = OfConfiguration(options.Value, []);
        _current = new Held([.. _configured, .. OfFile(File, [])]);
    }

    /// <summary>Whether everybody on this machine may do everything: nobody set up a token when the service started.</summary>
    public bool IsOpen { get; }

    public string File { get; }

    /// <summary>Cancelled when the tokens change. What was let in before and goes on for long ends then, to be asked for its token anew.</summary>
    public CancellationToken Changed => _current.Replaced.Token;

    /// <summary>All that is wrong with the tokens of the configuration and of its file.</summary>
    public static List<string> FindErrors(AccessOptions options)
    {
        List<string> errors = [];
        FindDoubles([.. OfConfiguration(options, errors), .. OfFile(options.TokenFile, errors)], errors);
        return errors;
    }

    public IReadOnlyList<string> Take(string text)
    {
        List<string> errors = [];
        ImmutableArray<AccessToken> all = [.. _configured, .. OfText(File, text, errors)];
        FindDoubles(all, errors);
        if (errors.Count == 0)
        {
            Held before = _current;
            _current = new Held(all);
            before.Replaced.Cancel();
        }

        return errors;
    }

    /// <summary>The token with a secret; null when there is none. All are compared, so the time says nothing about which.</summary>
    public AccessToken? Find(string secret)
    {
        byte[] hash = AccessToken.HashOf(secret);
        AccessToken? found = null;
        foreach (AccessToken token in _current.Tokens)
        {
            found = token.IsOf(hash) ? token : found;
        }

        return found;
    }

    /// <summary>The token with an id; null when it is no longer valid.</summary>
    public AccessToken? FindById(string? id) => _current.Tokens.FirstOrDefault(token => token.Id == id);

    private static ImmutableArray<AccessToken> OfConfiguration(AccessOptions options, List<string> errors) =>
    [
        .. options.Tokens.Select((token, index) => token.Token.Length == 0
            ? null
            : AccessToken.Read($"{AccessOptions.Section}:Tokens:{index}", token.Role, token.Name, token.Token, errors)).OfType<AccessToken>(),
    ];

    private static ImmutableArray<AccessToken> OfFile(string file, List<string> errors)
    {
        if (file.Length == 0)
        {
            return [];
        }

        (string? text, string? error) = SettingsText.Read(file);
        if (text is null)
        {
            errors.Add($"{AccessOptions.Section}:TokenFile: {error}");
            return [];
        }

        return OfText(file, text, errors);
    }

    private static ImmutableArray<AccessToken> OfText(string file, string text, List<string> errors)
    {
        List<AccessToken?> tokens = [];
        int before = errors.Count;
        foreach ((int number, string[] words) in SettingsText.Lines(text))
        {
            if (words is [var role, var name, var secret])
            {
                tokens.Add(AccessToken.Read($"{file}, line {number}", role, name, secret, errors));
            }
            else
            {
                errors.Add($"{file}, line {number}: a line is 'role name token'.");
            }
        }

        // A file that is being written is empty for a moment: that must not end everybody's session.
        if (tokens.Count == 0 && errors.Count == before)
        {
            errors.Add($"{file} holds no token.");
        }

        return [.. tokens.OfType<AccessToken>()];
    }

    private static void FindDoubles(ImmutableArray<AccessToken> tokens, List<string> errors) => errors.AddRange(tokens
        .GroupBy(static token => token.Id).Where(static same => same.Select(static token => token.Role).Distinct().Count() > 1)
        .Select(static same => $"{AccessOptions.Section}: {string.Join(" and ", same.Select(static token => token.Name))} have the same token and different roles."));

    private sealed record Held(ImmutableArray<AccessToken> Tokens)
    {
        public CancellationTokenSource Replaced { get; } = new();
    }
}
