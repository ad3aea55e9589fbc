"""工会会员实名制服务平台: the real-name service platform of union members."""
