using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Streams.Api.Access;
using Streams.Api.Wire;

namespace Streams.Api.MediaMtxAuth;

/// <summary>
/// Rules of who may publish, read and use MediaMTX's own servers. An input is published with its stream's key, an output only by the worker of the present run, or its standby; reading is
/// open unless there is a read key. All else is refused.
/// </summary>
internal sealed class MediaAuthRules(PublishKeys keys, IOptions<MediaAuthOptions> options, IOptions<ControlApiOptions> control)
{
    private const string NoCredentials = "no credentials were given";

    private readonly HashedSecret? _readKey = options.Value.ReadKey.Length > 0 ? new HashedSecret(options.Value.ReadKey) : null;
    private readonly ImmutableArray<(HashedSecret User, HashedSecret Password)> _apis = [.. CredentialsOf(control.Value).Distinct().Select(static pair => (new HashedSecret(pair.User), new HashedSecret(pair.Password)))];

    public MediaVerdict Decide(MediaAuthRequest request) => request.Action switch
    {
        "publish" when SidePath.TryParse(request.Path, out SidePath side) => PublishSide(request, side),
        "publish" => WithPath(request, Publish),
        "read" => WithPath(request, Read),
        "api" or "metrics" or "playback" or "pprof" => OwnServers(request),
        _ => new(MediaAccess.Refused, "there is no such action"),
    };

    private static MediaVerdict WithPath(MediaAuthRequest request, Func<MediaAuthRequest, StreamPath, MediaVerdict> decide) =>
        StreamPath.TryParse(request.Path, out StreamPath path) ? decide(request, path) : new(MediaAccess.Refused, "the path belongs to no stream");

    private MediaVerdict Publish(MediaAuthRequest request, StreamPath path)
    {
        if (request.IsAnonymous)
        {
            return new(MediaAccess.Refused, NoCredentials, path);
        }

        if (path.Role == PathRole.Output)
        {
            return new(MediaAccess.AsksForRun, "only the worker of the stream's present run may publish the output", path);
        }

        IReadOnlyList<HashedSecret> own = keys.Of(path.StreamId);
        return own.Count == 0
            ? new(MediaAccess.Refused, "no publish key is set for the stream", path)
            : Check(request.Gives(given => IsOneOf(own, given)), "the publish key is wrong", path);
    }

    private static MediaVerdict PublishSide(MediaAuthRequest request, SidePath side)
    {
        StreamPath output = new(side.StreamId, PathRole.Output);
        return request.IsAnonymous
            ? new(MediaAccess.Refused, NoCredentials, output)
            : new(MediaAccess.AsksForRun, "only the worker of that run may publish its path", output) { Side = side };
    }

    private MediaVerdict Read(MediaAuthRequest request, StreamPath path)
    {
        if (_readKey is null)
        {
            return new(MediaAccess.Open, "", path);
        }

        if (request.Gives(_readKey.Is))
        {
            return new(MediaAccess.Allowed, "", path);
        }

        return request.IsAnonymous
            ? new(MediaAccess.Refused, NoCredentials, path)
            : new(path.Role == PathRole.Input ? MediaAccess.AsksForRun : MediaAccess.Refused, "the read key is wrong", path);
    }

    private MediaVerdict OwnServers(MediaAuthRequest request)
    {
        bool isRight = false;
        foreach ((HashedSecret user, HashedSecret password) in _apis)
        {
            isRight |= user.Is(request.User ?? "") & password.Is(request.Password ?? ""); // Both of all are compared, so the time says nothing about which.
        }

        return Check(isRight, request.IsAnonymous ? NoCredentials : "user or password of the Control API is wrong", null);
    }

    /// <summary>User and password of each media server: which one asks is not told.</summary>
    private static IEnumerable<(string User, string Password)> CredentialsOf(ControlApiOptions media) => media.Nodes.Count == 0
        ? [(media.ApiUser, media.ApiPassword)]
        : media.Nodes.Select(node => (node.ApiUser is { Length: > 0 } user ? user : media.ApiUser, node.ApiPassword is { Length: > 0 } password ? password : media.ApiPassword));

    private static MediaVerdict Check(bool isRight, string otherwise, StreamPath? path) =>
        new(isRight ? MediaAccess.Allowed : MediaAccess.Refused, isRight ? "" : otherwise, path);

    // All are compared, so the time says nothing about which.
    private static bool IsOneOf(IReadOnlyList<HashedSecret> secrets, string given)
    {
        bool found = false;
        foreach (HashedSecret secret in secrets)
        {
            found |= secret.Is(given);
        }

        return found;
    }
}
