using System.Globalization;

namespace XenDmHost.Host.XenStore;

/// <summary>
/// What can be done with nodes, inside a transaction or outside. A store's answer never throws: it is a
/// <see cref="XenStoreError"/>. Paths and sizes are checked before anything is sent (EINVAL, E2BIG).
/// </summary>
internal abstract class XenStoreOperations
{
    /// <summary>How often a list that changes while it is read in parts is begun again before EAGAIN.</summary>
    private const int MaxListRestarts = 16;

    internal XenStoreResult<string> Read(string path)
    {
        XenStoreResult<byte[]> answer = RequestNode(XenStoreOperation.Read, path);
        return answer.Ok ? WireText.Decode(answer.Value) : answer.Error;
    }

    /// <summary>For a node that may well be missing; false for every error.</summary>
    internal bool TryRead(string path, out string value)
    {
        XenStoreResult<string> answer = Read(path);
        value = answer.Ok ? answer.Value : "";
        return answer.Ok;
    }

    /// <summary>Writes a value; parents that are missing come to be with empty values.</summary>
    internal XenStoreError Write(string path, string value)
    {
        if (!StorePath.IsNode(path) || !WireText.IsEncodable(value, nulAllowed: true)) return XenStoreError.EINVAL;
        return RequestChecked(XenStoreOperation.Write, WireText.Encode([path], value)).Error;
    }

    /// <summary>Creates an empty node; one that exists stays as it is.</summary>
    internal XenStoreError Mkdir(string path) => RequestNode(XenStoreOperation.Mkdir, path).Error;

    /// <summary>Removes a node and everything below; ENOENT only when its parent is missing as well.</summary>
    internal XenStoreError Remove(string path) => RequestNode(XenStoreOperation.Remove, path).Error;

    /// <summary>The names of a node's children, without the path.</summary>
    internal XenStoreResult<IReadOnlyList<string>> Directory(string path)
    {
        XenStoreResult<byte[]> answer = RequestNode(XenStoreOperation.Directory, path);
        if (answer.Error == XenStoreError.E2BIG) return DirectoryInParts(path);
        return answer.Ok ? WireText.Split(answer.Value) : answer.Error;
    }

    internal XenStoreResult<IReadOnlyList<StorePermission>> GetPermissions(string path)
    {
        XenStoreResult<byte[]> answer = RequestNode(XenStoreOperation.GetPermissions, path);
        if (!answer.Ok) return answer.Error;
        List<StorePermission> permissions = [];
        foreach (string text in WireText.Split(answer.Value))
        {
            if (!StorePermission.TryParse(text, out StorePermission permission)) return XenStoreError.Malformed;
            permissions.Add(permission);
        }

        return permissions;
    }

    /// <summary>Replaces a node's permissions; the first entry names the owner.</summary>
    internal XenStoreError SetPermissions(string path, params IReadOnlyList<StorePermission> permissions)
    {
        if (!StorePath.IsNode(path) || permissions.Count == 0) return XenStoreError.EINVAL;
        byte[] payload = WireText.Encode([path, .. permissions.Select(permission => permission.ToString())]);
        return RequestChecked(XenStoreOperation.SetPermissions, payload).Error;
    }

    /// <summary>Sends one request, whose payload fits, and waits for the answer within the time limit.</summary>
    private protected abstract XenStoreResult<byte[]> Request(XenStoreOperation operation, byte[] payload);

    private protected XenStoreResult<byte[]> RequestChecked(XenStoreOperation operation, byte[] payload) =>
        payload.Length <= XenStoreLimits.MaxRequestPayload ? Request(operation, payload) : XenStoreError.E2BIG;

    private XenStoreResult<byte[]> RequestNode(XenStoreOperation operation, string path) =>
        StorePath.IsNode(path) ? RequestChecked(operation, WireText.Encode([path])) : XenStoreError.EINVAL;

    private XenStoreResult<IReadOnlyList<string>> DirectoryInParts(string path)
    {
        DirectoryParts parts = new();
        for (int restarts = 0; restarts < MaxListRestarts;)
        {
            string offset = parts.Offset.ToString(CultureInfo.InvariantCulture);
            XenStoreResult<byte[]> answer = RequestChecked(XenStoreOperation.DirectoryPart, WireText.Encode([path, offset]));
            if (!answer.Ok) return answer.Error;
            switch (parts.Add(answer.Value))
            {
                case DirectoryPartStatus.Finished: return parts.Names;
                case DirectoryPartStatus.Malformed: return XenStoreError.Malformed;
                case DirectoryPartStatus.ListChanged: restarts++; break;
                default: break;
            }
        }

        return XenStoreError.EAGAIN;
    }
}
