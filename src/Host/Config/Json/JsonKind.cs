namespace XenDmHost.Host.Config.Json;

/// <summary>The kinds of JSON values (RFC 8259, 3).</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}
