namespace MediaMtx.Standin.Configuration;

/// <summary>One entry of <c>authInternalUsers</c>.</summary>
/// <param name="Name">The user's name; <c>any</c> for everybody, with or without credentials.</param>
/// <param name="Password">The password, plain or as <c>sha256:</c> and base64.</param>
/// <param name="Addresses">Addresses and CIDR blocks the user may come from; from everywhere when empty.</param>
/// <param name="Permissions">What the user may do.</param>
internal sealed record InternalUser(
    string Name, string Password, IReadOnlyList<string> Addresses, IReadOnlyList<Permission> Permissions);

/// <summary>What a user may do.</summary>
/// <param name="Action"><c>publish</c>, <c>read</c>, <c>playback</c>, <c>api</c>, <c>metrics</c> or <c>pprof</c>.</param>
/// <param name="Path">Where: a path, a regular expression after a tilde, or everywhere when empty.</param>
internal sealed record Permission(string Action, string Path);
